"""Where Drumbeat is installed: tokens, whose they are, and since when it is removed.

A workspace may be served by its organisation's installation; then its row has no token but says whose it takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from storage import acts
from storage.delivery import leases
from storage.delivery.seen import NOWHERE
from storage.encryption import Keys
from storage.isolation import across, within
from storage.models import Base, InstallationRow, InstallStateRow
from storage.statements import drop_rows, from_now, insert_missing, is_of, read_as, table, upsert
from storage.workspaces import Workspace

_installations = table(InstallationRow)
_states = table(InstallStateRow)
_IS_REMOVED = _installations.c.removed_at.is_not(None)


@dataclass(frozen=True, slots=True)
class Installation:
    """As it serves a workspace, or an organisation as a whole. `id` is what it was installed into.

    `removed_at`: uninstalled since then, and there is no token. Tokens are in no `repr`: it may end in a log.
    """

    workspace_id: str
    id: str
    name: str
    app_id: str
    bot_id: str
    bot_user_id: str
    scopes: tuple[str, ...]
    installer_id: str
    token: str
    installed_at: datetime
    refresh_token: str | None = None
    expires_at: datetime | None = None
    removed_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Installation({self.id} for {self.workspace_id})"

    @property
    def is_of_organisation(self) -> bool:
        return self.id.startswith("E")


class Arrival(StrEnum):
    """What an installation found when it came."""

    NEW = "new"
    REMOVED = "removed"
    THERE = "there"


def save_installation(session: Session, keys: Keys, installed: Installation) -> Arrival:
    """It is installed, for the first time or again."""
    before = _find(session, installed.id)
    _save(
        session,
        workspace_id=installed.id,
        organisation_id=None,
        name=installed.name,
        app_id=installed.app_id,
        bot_id=installed.bot_id,
        bot_user_id=installed.bot_user_id,
        scopes=",".join(installed.scopes),
        installer_id=installed.installer_id,
        installed_at=installed.installed_at,
        **_tokens(keys, installed),
    )
    return _arrival(before)


def serve_workspace(
    session: Session, workspace_id: str, organisation_id: str, now: datetime
) -> Arrival | None:
    """The organisation's installation serves this workspace from now on, or again.

    None where there is none, or the workspace has one of its own.
    """
    with within(session, organisation_id):
        organisation = _find(session, organisation_id)
    before = _find(session, workspace_id)
    has_own = before is not None and before.token is not None
    if organisation is None or organisation.removed_at is not None or has_own:
        return None
    copied = ("name", "app_id", "bot_id", "bot_user_id", "scopes", "installer_id")
    _save(
        session,
        workspace_id=workspace_id,
        organisation_id=organisation_id,
        installed_at=now,
        **{name: getattr(organisation, name) for name in copied},
        **dict.fromkeys(_TOKENS),
    )
    return _arrival(before)


def is_served_by(session: Session, workspace_id: str, organisation_id: str) -> bool:
    row = _find(session, workspace_id)
    return row is not None and row.organisation_id == organisation_id


def get_served(session: Session, workspace_id: str) -> Workspace:
    """A workspace as far as its organisation's installation tells."""
    row = session.execute(_ROW, {"its_workspace_id": workspace_id}).one()
    return Workspace(row.workspace_id, row.name, row.bot_user_id)


_TOKENS = ("token", "refresh_token", "expires_at")


def _save(session: Session, **row: Any) -> None:
    row |= {"rotating_until": None, "removed_at": None}
    upsert(session, _installations, [row], [name for name in row if name != "workspace_id"])


def _arrival(before: Row[Any] | None) -> Arrival:
    if before is None:
        return Arrival.NEW
    return Arrival.THERE if before.removed_at is None else Arrival.REMOVED


def _tokens(keys: Keys, installed: Installation) -> dict[str, Any]:
    refresh = installed.refresh_token
    encrypted = (keys.encrypt(installed.token), keys.encrypt(refresh) if refresh else None)
    return dict(zip(_TOKENS, (*encrypted, installed.expires_at), strict=True))


def find_installation(session: Session, keys: Keys, workspace_id: str) -> Installation | None:
    """What serves a workspace, or was removed from it; None where it never was. Raises WrongKeysError."""
    row = _find(session, workspace_id)
    if row is None or row.removed_at is not None or row.organisation_id is None:
        return None if row is None else _installation(keys, row)
    with within(session, row.organisation_id):
        organisation = _find(session, row.organisation_id)
    if organisation is None:
        return None
    return replace(_installation(keys, organisation), workspace_id=workspace_id)


def _find(session: Session, workspace_id: str) -> Row[Any] | None:
    return session.execute(_ROW, {"its_workspace_id": workspace_id}).one_or_none()


_ROW = select(_installations).where(_installations.c.workspace_id == bindparam("its_workspace_id"))


def _installation(keys: Keys, row: Row[Any]) -> Installation:
    return read_as(
        Installation,
        row,
        id=row.workspace_id,
        scopes=tuple(filter(None, row.scopes.split(","))),
        token=keys.decrypt(row.token, row.workspace_id) if row.token else "",
        refresh_token=keys.decrypt(row.refresh_token, row.workspace_id) if row.refresh_token else None,
    )


def list_served(session: Session) -> list[str]:
    """The workspaces it is installed in, by themselves or with their organisation."""
    is_workspace = _installations.c.workspace_id.not_like("E%")
    rows = select(_installations.c.workspace_id).where(~_IS_REMOVED, is_workspace)
    return list(session.scalars(rows.order_by(_installations.c.workspace_id)))


def remove(session: Session, workspace_id: str, at: datetime) -> list[str]:
    """Removed from a workspace or an organisation at that instant: its tokens go, and nothing more is sent there.

    Installed again since, it stays. Returns the workspaces it was removed from.
    """
    # Where the token is a setting, nothing has been said of the workspace so far.
    unsaid = dict.fromkeys(("name", "app_id", "bot_id", "bot_user_id", "scopes", "installer_id"), "")
    which = or_(
        _installations.c.workspace_id == workspace_id, _installations.c.organisation_id == workspace_id
    )
    with across(session):
        insert_missing(session, _installations, {"workspace_id": workspace_id, "installed_at": at, **unsaid})
        removed = session.scalars(
            update(_installations)
            .where(which, ~_IS_REMOVED, _installations.c.installed_at <= at)
            .values(**dict.fromkeys(_TOKENS), removed_at=at)
            .returning(_installations.c.workspace_id)
        ).all()
        leases.end(session, removed)
    return sorted(removed)


def restore_own(session: Session, workspace_id: str) -> bool:
    """Slack takes the token that is a setting, whatever it said before; whether it had said that it was removed."""
    was_removed = (_installations.c.workspace_id == workspace_id, _installations.c.removed_at.is_not(None))
    back = update(_installations).where(*was_removed).values(removed_at=None)
    return bool(session.scalars(back.returning(_installations.c.workspace_id)).all())


def claim_rotation(
    session: Session, keys: Keys, id_: str, seconds: float, due_before: datetime
) -> Installation | None:
    """Take it on to change the token of an installation that runs out before then; None where that is done already, or
    another process is at it.

    The lock is in the row, and ends by itself: no transaction waits for Slack.
    """
    row = session.execute(
        _ROW.where(
            _installations.c.expires_at <= due_before,
            or_(_installations.c.rotating_until.is_(None), _installations.c.rotating_until <= from_now(0.0)),
        ).with_for_update(),
        {"its_workspace_id": id_},
    ).one_or_none()
    if row is None or row.refresh_token is None:
        return None
    claimed = update(_installations).where(_installations.c.workspace_id == id_)
    session.execute(claimed.values(rotating_until=from_now(seconds)))
    return _installation(keys, row)


def save_rotated(session: Session, keys: Keys, before: Installation, after: Installation) -> None:
    """Unless it was removed, or installed anew, meanwhile."""
    still = (
        is_of(_installations, before.id, installed_at=before.installed_at),
        ~_IS_REMOVED,
    )
    session.execute(update(_installations).where(*still).values(**_tokens(keys, after), rotating_until=None))


def encrypt_anew(session: Session, keys: Keys, now: datetime) -> int:
    """Every token by the first key; returns of how many installations. Raises WrongKeysError."""
    count = 0
    for workspace_id in _list_ids(session):
        with within(session, workspace_id):
            row = session.execute(_WITH_TOKEN.with_for_update(), {"its_workspace_id": workspace_id}).first()
            if row is not None:
                of_it = _installations.c.workspace_id == workspace_id
                fresh = _tokens(keys, _installation(keys, row))
                session.execute(update(_installations).where(of_it).values(**fresh))
                acts.add_act(session, workspace_id, None, Act(ActKind.KEYS_ROTATED, None, now))
                count += 1
    return count


def list_installations(session: Session, keys: Keys) -> list[Installation]:
    """Those with a token. Raises WrongKeysError."""
    found = []
    for workspace_id in _list_ids(session):
        with within(session, workspace_id):
            row = session.execute(_WITH_TOKEN, {"its_workspace_id": workspace_id}).first()
            found += [_installation(keys, row)] if row is not None else []
    return found


_WITH_TOKEN = _ROW.where(_installations.c.token.is_not(None))


def _list_ids(session: Session) -> Sequence[str]:
    """In their order, so that nobody waits for whoever waits for them."""
    return session.scalars(select(_installations.c.workspace_id).order_by("workspace_id")).all()


def list_forgettable(session: Session, before: datetime, limit: int) -> list[str]:
    """Workspaces and organisations it was removed from by then, the longest first."""
    rows = select(_installations.c.workspace_id).where(_installations.c.removed_at <= before)
    return list(session.scalars(rows.order_by(_installations.c.removed_at).limit(limit)))


def forget_workspace(session: Session, workspace_id: str, removed_before: datetime) -> bool:
    """Delete everything that is kept of a workspace, unless it was installed again meanwhile; whether it did."""
    still = (_installations.c.workspace_id == workspace_id, _installations.c.removed_at <= removed_before)
    held = select(_installations.c.workspace_id).where(*still).with_for_update()
    with within(session, workspace_id):
        if session.scalar(held) is None:
            return False
        erase_workspace(session, workspace_id)
    return True


def erase_workspace(session: Session, workspace_id: str) -> int:
    """Delete everything that is kept of a workspace, tokens too; returns how many rows."""
    return sum(
        drop_rows(session, rows, rows.c.workspace_id == workspace_id)
        for rows in reversed(Base.metadata.sorted_tables)
    )


def list_all_ids(session: Session) -> list[str]:
    """Of whatever it is, or was, installed in."""
    return list(session.scalars(select(_installations.c.workspace_id)))


def is_installed(session: Session, workspace_id: str) -> bool:
    row = _find(session, workspace_id)
    return row is not None and row.removed_at is None


def list_of_organisation(session: Session, organisation_id: str) -> list[str]:
    """The workspaces that its installation serves, or served."""
    of_it = _installations.c.organisation_id == organisation_id
    return list(session.scalars(select(_installations.c.workspace_id).where(of_it)))


def issue_state(session: Session, digest: str, now: datetime, expired: datetime) -> None:
    """Remember what Slack will bring back, and forget what was issued before `expired`."""
    session.execute(delete(_states).where(_states.c.workspace_id == NOWHERE, _states.c.issued_at <= expired))
    insert_missing(session, _states, {"workspace_id": NOWHERE, "hash": digest, "issued_at": now})


def consume_state(session: Session, digest: str, expired: datetime) -> bool:
    """Whether it was issued since `expired` and not brought back before: it is good once."""
    which = is_of(_states, NOWHERE, hash=digest)
    taken = session.execute(delete(_states).where(which).returning(_states.c.issued_at)).one_or_none()
    return taken is not None and taken.issued_at > expired
