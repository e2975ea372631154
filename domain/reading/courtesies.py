"""Words that are only polite: they say nothing of anybody's work."""

import re

from domain.reading.text import WORD, even, listed

_EMOJI = re.compile(r":[a-z0-9_+-]{1,40}:")
_POLITE = listed(
    """
    thanks thank thankyou you thx thnx ty tysm cheers ta ok okay okey k kk perfect super cool lovely brilliant understood noted
    got it will do sure welcome no worries np danke dankeschön vielen dank dir merci gracias grazie tak tack so very much a lot
    many again team drumbeat bot and for the reminder that this nudge
    """
)
_MOST = 12


def is_only_thanks(text: str) -> bool:
    """Whether a message is "thanks!", "ok, will do" or a thumb, and nothing else."""
    rest = _EMOJI.sub(" ", even(text).casefold())
    words = WORD.findall(rest)
    return (
        bool(text.strip())
        and len(words) <= _MOST
        and not re.search(r"\d", rest)
        and _POLITE.issuperset(words)
    )
