"""Everything of other people's that a process has loaded, and importing that without a line of ours."""

import asyncio
import sys

_OURS = ("bot", "demo", "domain", "handlers", "sandbox", "services", "storage", "views", "__main__")
_RUNNING = (
    "bot.cli, bot.app, bot.socket_mode, storage.migrations, storage.database, alembic.command, "
    "sqlalchemy.dialects.sqlite"
)
BARE = (
    "import sys, importlib, contextlib\n"
    "for name in sys.argv[1].split():\n"
    "    with contextlib.suppress(Exception):\n"
    "        importlib.import_module(name)\n"
)
"""A program that imports the modules which its argument names."""


async def list_libraries(*also: str) -> str:
    """The names of a running bot's, and of modules of ours beside it, for `BARE`."""
    told = (
        f"import sys, {', '.join((_RUNNING, *also))}\n"
        f"print(' '.join(name for name in sys.modules if name.partition('.')[0] not in {_OURS}))"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", told), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    names, _ = await process.communicate()
    return names.decode().strip()
