"""KPIs, authority, milestones, decisions, reviews, learnings and the Home tab."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_api_tokens")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_hash"), ["hash"], unique=True)
        batch_op.create_index(
            batch_op.f("ix_api_tokens_workspace_id_strategy_id"),
            ["workspace_id", "strategy_id"],
            unique=False,
        )

    op.create_table(
        "charters",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("sponsor_id", sa.Text(), nullable=False),
        sa.Column("may_decide", sa.Text(), nullable=False),
        sa.Column("budget", sa.Text(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "initiative_id", name=op.f("pk_charters")),
    )
    op.create_table(
        "confirmations",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_confirmations")),
    )
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_confirmations_workspace_id_initiative_id"),
            ["workspace_id", "initiative_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_confirmations_workspace_id_person_id_state"),
            ["workspace_id", "person_id", "state"],
            unique=False,
        )

    op.create_table(
        "decisions",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=True),
        sa.Column("check_in_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("default", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decisions_workspace_id_decider_id_state"),
            ["workspace_id", "decider_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_decisions_workspace_id_initiative_id"),
            ["workspace_id", "initiative_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_decisions_workspace_id_strategy_id_state"),
            ["workspace_id", "strategy_id", "state"],
            unique=False,
        )

    op.create_table(
        "homes",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("strategies", sa.Text(), nullable=False),
        sa.Column("asks_page", sa.BigInteger(), nullable=False),
        sa.Column("boards_page", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name=op.f("pk_homes")),
    )
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_homes_is_stale_opened_at"), ["is_stale", "opened_at"], unique=False
        )

    op.create_table(
        "kpi_readings",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kpi_id", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_kpi_readings")),
    )
    with op.batch_alter_table("kpi_readings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kpi_readings_workspace_id_kpi_id_on"),
            ["workspace_id", "kpi_id", "on"],
            unique=False,
        )

    op.create_table(
        "kpis",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("if_short", sa.Text(), nullable=False),
        sa.Column("vanity_kept_by", sa.Text(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("retired_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_kpis")),
    )
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kpis_workspace_id_owner_id"), ["workspace_id", "owner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_kpis_workspace_id_strategy_id"), ["workspace_id", "strategy_id"], unique=False
        )

    op.create_table(
        "learning_answers",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("learning_id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "learning_id", "initiative_id", name=op.f("pk_learning_answers")
        ),
    )
    op.create_table(
        "learnings",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_id", sa.BigInteger(), nullable=True),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_learnings")),
    )
    with op.batch_alter_table("learnings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_learnings_workspace_id_strategy_id_goal_id"),
            ["workspace_id", "strategy_id", "goal_id"],
            unique=False,
        )

    op.create_table(
        "message_checks",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("carried", sa.Text(), nullable=False),
        sa.Column("where_broke", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "check_in_id", "initiative_id", "channel", name=op.f("pk_message_checks")
        ),
    )
    op.create_table(
        "milestones",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("ends_phase", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_milestones")),
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_milestones_workspace_id_initiative_id"),
            ["workspace_id", "initiative_id"],
            unique=False,
        )

    op.create_table(
        "retrospectives",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("milestone_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("keep", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_retrospectives")),
    )
    with op.batch_alter_table("retrospectives", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_retrospectives_workspace_id_initiative_id"),
            ["workspace_id", "initiative_id"],
            unique=False,
        )

    op.create_table(
        "review_answers",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("still_holds", sa.Boolean(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "review_id", "person_id", name=op.f("pk_review_answers")),
    )
    op.create_table(
        "review_choices",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("authority_holds", sa.Boolean(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "review_id", "initiative_id", name=op.f("pk_review_choices")),
    )
    op.create_table(
        "reviews",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("posted_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_workspace_id_strategy_id_period"),
            ["workspace_id", "strategy_id", "period"],
            unique=True,
        )

    op.create_table(
        "seen_marks",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "check_in_id", "initiative_id", "person_id", name=op.f("pk_seen_marks")
        ),
    )
    with op.batch_alter_table("strategies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("core_message", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("strategies", schema=None) as batch_op:
        batch_op.alter_column("core_message", server_default=None)
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("why", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.alter_column("why", server_default=None)
