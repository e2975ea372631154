"""`python -m bot` is the same as `drumbeat`."""

from bot.cli import main

main()
