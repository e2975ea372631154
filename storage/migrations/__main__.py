"""Write the next revision from the models: `python -m storage.migrations "what it changes"`."""

import sys

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage.migrations import HERE, configure

if __name__ == "__main__":
    revisions = len(list(ScriptDirectory(str(HERE)).walk_revisions()))
    with create_engine("sqlite://").begin() as connection:
        config = configure(connection)
        if revisions:
            command.upgrade(config, "head")
        command.revision(config, sys.argv[1], autogenerate=True, rev_id=f"{revisions + 1:04}")
