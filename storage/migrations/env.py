"""Run by Alembic, with the connection that `storage.migrations.upgrade` opened and locked."""

from alembic import context

from storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
    user_module_prefix="types.",
)
context.run_migrations()
