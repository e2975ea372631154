"""Months as people write them, in the languages plans are written in; no name means two months anywhere.

Left out are those that are people's names as well, and no English month: Julio, Marco, Mei.
"""

ENGLISH = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_OTHERS = (
    "januar jänner jan janvier janv enero ene gennaio januari janeiro",
    "februar feber février fevrier févr fevr febrero febbraio februari fevereiro",
    "märz maerz mrz mars marzo maart mrt março",
    "avril avr abril aprile",
    "mai mayo maggio maio",
    "juni juin junio giugno junho",
    "juli juillet juil luglio julho",
    "août aout agosto augustus augusti",
    "septembre septiembre settembre setembro sept",
    "oktober okt octobre octubre ottobre outubro",
    "novembre noviembre novembro",
    "dezember dez décembre decembre diciembre dicembre dezembro",
)
_NUMBERS = {word: number for number, words in enumerate(_OTHERS, start=1) for word in words.split()} | {
    name[:length]: number
    for number, name in enumerate(ENGLISH, start=1)
    for length in range(3, len(name) + 1)
}
MONTH_WORDS = tuple(sorted(_NUMBERS, key=len, reverse=True))
"""The longest first, as alternatives of a pattern need them."""


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or, of an English one, its first letters (at least three)."""
    return _NUMBERS.get(word.lower())
