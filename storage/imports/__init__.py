"""An exported strategy into a database: every row as it was exported, or nothing."""

from storage.imports.refusals import ImportRefusedError
from storage.imports.values import require_sound
from storage.imports.writing import import_strategy

__all__ = ["ImportRefusedError", "import_strategy", "require_sound"]
