"""What stands beside a statement and takes it back, hedges it, or says whose it is.

Asking costs one click and a wrong record costs trust: a clause here has to be harmless, not just not harmful.
"""

from collections.abc import Sequence
from itertools import pairwise

from domain.healths import Health
from domain.reading.plain.clauses import Clause
from domain.reading.plain.said import GREETINGS
from domain.reading.plain.tokens import FACE, FIGURE, METRIC, NAME, WORD, Token
from domain.reading.text import listed

_CONDITION = listed(
    """
    if unless whether provided providing assuming assumed assume suppose depending depends
    pending otherwise willing permitting allowing barring wenn falls sofern solange
    """
)
_TIMES_TO_COME = listed("until till once when whenever bis")
_SPEECH = listed(
    """
    say says said saying think thinks thought claim claims claimed tell tells told believe believes guess reckon suppose
    supposed supposedly allegedly apparently officially unofficially technically theoretically theory paper according
    hear heard swear insists dreams dream angeblich offiziell
    """
)
_IRONY = listed(
    "right haha hahaha lol rofl kidding joke joking jk sarcasm ironically irony not nope nah wrong whatever pigs"
)
_PARTS = listed(
    "except exception exceptions apart aside besides excluding minus bar rest else partly partially half"
)
_MODAL = listed(
    """
    would could should might may maybe perhaps possibly probably presumably hope hopes hoped hoping hopefully wish fingers wood toi
    luck lucky kind kinda sort sorta almost nearly barely hardly scarcely somewhat mostly largely roughly less seem seems
    looks feels afraid doubt doubtful unlikely unsure sure soon eventually promise vielleicht hoffentlich eigentlich fast
    bald knapp
    """
)
_PREPOSITIONS = listed(
    "in on by at from after before until next last yesterday tomorrow for during with without within under per of not to via"
)
_AS_FAR = (["as", "far"], ["as", "long"], ["as", "soon"], ["as", "if"], ["as", "though"], ["all", "being"])
_NICE = listed(
    """
    thanks thank you cheers we're we great good fine nice super perfect excellent all well yay wow ok okay hooray everyone team
    happy now today this week here so far overall again still sorry please fyi update done no news nothing new to report
    not much to say changes change changed best regards the it's going it is weekly phew busy quiet productive looking
    """
)
_BLOCKERS = listed(
    "waiting blocked blocking stuck need needs blocker blockers held delayed missing no nothing none"
)
_NOT_ENOUGH = listed(
    """
    count counted counting counts include includes included including exclude excluded incl excl estimate estimated guess
    guessed final preliminary provisional checked wrong about around roughly approximately approx circa ca almost nearly
    over under least most between only alone just goal target plan planned planning forecast aim expected realistic
    feasible doable thereof which that this these those it's it he she they old older outdated yesterday last ago was
    were had w wk kw week month today monday tuesday wednesday thursday friday saturday sunday
    """
)
_UNSURE = listed(
    """
    estimate estimated guess guessed preliminary provisional unconfirmed unchecked tbc approximate approximately roughly
    include includes included including exclude excludes excluded excluding outdated
    """
)
_TAKEN_BACK = (["last", "week"], ["last", "month"], ["be", "confirmed"], ["not", "final"], ["not", "checked"])
_VERBS = listed(
    """
    is are has have was were had went got sent came signed approved answered replied wrote made did does do needs wants works
    runs ran took asked gave found lost left joined called met shipped launched published finished started live out up ready back booked shot printed isn't
    aren't hasn't haven't didn't doesn't can can't cannot will won't no
    """
)
_CORRECTS = listed(
    "sorry no not actually correction correct corrected meant mean i i'm oops typo make that it's : - rather"
)
_OTHER_COLOURS = listed("blue white black purple pink brown grey gray gold silver violet turquoise")
_PLEASED = listed(
    "👍 🎉 ✅ ✔ 🥳 :+1: :thumbsup: :tada: :white_check_mark: :heavy_check_mark: 🟩 :partying_face:"
)
_SAD = listed(
    """
    👎 😞 😢 😭 😡 😠 🙁 ☹ 😟 😬 😱 😨 😰 😓 😩 😫 😖 😣 😔 😕 🤬 💥 ❌ ⛔ 🚨 ⚠ 📉 🛑 💔 💩 ☠ 💀 🚩 ❗ ‼ :( :-( :/ :-/ =( :'( :thumbsdown: :-1: :disappointed:
    :cry: :sob: :rage: :angry: :worried: :grimacing: :scream: :warning: :x: :no_entry: :rotating_light: :confused: :skull:
    :frowning: :slightly_frowning_face: :chart_with_downwards_trend: :boom: :fire_engine: :octagonal_sign: :broken_heart:
    """
)
_NOT_MEANT = listed(
    """
    🙃 😉 😂 🤣 🤞 🤔 🤷 😅 😏 🙄 😜 😝 😛 🤪 🤥 🤡 ❓ ❔ 🎲 😇 ;) ;-) :p :-p ;p =p :wink: :joy: :rofl: :crossed_fingers: :shrug: :thinking_face:
    :upside_down_face: :sweat_smile: :smirk: :face_with_rolling_eyes: :question: :zany_face: :clown_face: :lying_face:
    :stuck_out_tongue: :hand_with_index_and_middle_fingers_crossed: :thinking:
    """
)
_SHORT = 4
"""Words of a sentence that only comments on the one beside it."""


def is_nothing(clause: Clause) -> bool:
    """A greeting, thanks, "nothing new": it says nothing about anything."""
    if clause.words in _AS_HOPED:
        return True
    return all(
        token.kind == FACE or token.is_word(_NICE | GREETINGS) for token in clause.tokens
    ) and not _is_no(clause)


_AS_HOPED = (["as", "planned"], ["as", "expected"], ["as", "usual"])


def _is_no(clause: Clause) -> bool:
    return clause.words in (
        ["no"],
        ["not"],
        ["no", "not"],
        ["not", "good"],
        ["not", "so"],
        ["not", "fine"],
        ["not", "great"],
        ["nothing"],
        ["none"],
        ["so"],
    )


def unsettles_health(clause: Clause, health: Health | None) -> bool:
    """Whether a clause of the same sentence leaves a health in doubt."""
    words = clause.words
    if is_nothing(clause):
        return False
    if _is_no(clause):
        return True
    if clause.opener in _PARTS or _takes_out_a_part(words):
        return True
    doubts = _CONDITION | _PARTS | (_IRONY - {"not"})
    if "than" not in words:  # "longer than I thought"
        doubts |= _SPEECH
    if health in (None, Health.ON_TRACK) or len(words) <= 3:
        doubts |= _MODAL
    if (
        any(word in doubts for word in words)
        or words[:2] in _AS_FAR
        or (words[0:1] and words[0] in _TIMES_TO_COME)
    ):
        return True
    return _is_fragment(clause, health)


def _takes_out_a_part(words: Sequence[str]) -> bool:
    """As "the video isn't", "everything but print", "other than the film", "given legal signs"."""
    ended = list(words[:-1] if words[-1:] == ["yet"] else words)
    if ended[-1:] in (["isn't"], ["aren't"]) or ended[-2:] in (["is", "not"], ["are", "not"]):
        return True
    if words[:2] in (["save", "for"], ["other", "than"]) or (words[:1] == ["given"] and "that" not in words):
        return True
    return any(pair in _ALL_BUT for pair in pairwise(words))


_ALL_BUT = (("everything", "but"), ("all", "but"), ("everyone", "but"))


def _is_fragment(clause: Clause, health: Health | None) -> bool:
    """No clause of its own, but what one goes on with: "by Friday", "in theory", "barely"."""
    words = clause.words
    has_more = any(token.kind in (FIGURE, METRIC, NAME) for token in clause.tokens)
    if clause.opener in ("as", "so", "while", "whereas") and len(words) <= 1:
        return True
    if not words or clause.opener in (
        "because",
        "since",
        "due",
        "as",
        "despite",
        "even",
        "although",
        "though",
        "while",
    ):
        return False
    if words[0] in _PREPOSITIONS and len(words) <= _SHORT and not has_more:
        return True
    if health not in (None, Health.ON_TRACK):
        return False
    if len(words) <= 3 and any(word.endswith("ly") for word in words):
        return True
    is_told = has_more or words[0] in _BLOCKERS or any(_is_verb(word) for word in words[1:])
    return len(words) <= 3 and not is_told


def _is_verb(word: str) -> bool:
    return word in _VERBS or (len(word) > 3 and word.endswith(("ed", "en", "ing", "s")))


def retracts(clause: Clause) -> bool:
    """Whether a short sentence after the statement takes it back: "Just kidding"."""
    words = clause.words
    if len(words) > _SHORT or is_nothing(clause):
        return False
    return _is_no(clause) or any(
        word in _SPEECH | _IRONY | _CONDITION | _TIMES_TO_COME | _MODAL for word in words
    )


def corrects(clause: Clause) -> bool:
    """Whether a clause gives another number in place of the one before: "sorry, 210"."""
    figures = [token.means for token in clause.tokens if token.kind == FIGURE]
    is_lone = len(figures) == 1 and figures[0].values and not figures[0].unit
    return bool(is_lone) and all(token.kind == FIGURE or token.is_word(_CORRECTS) for token in clause.tokens)


def questions_number(clause: Clause) -> bool:
    """Whether a short sentence after a number says that it is no level of now: "Estimate.", "That was last week"."""
    words = clause.words
    return len(words) <= _SHORT and (
        any(word in _UNSURE for word in words)
        or any(words[i : i + 2] in _TAKEN_BACK for i in range(len(words)))
    )


def unsettles_number(clause: Clause, unit: str) -> bool:
    """Whether the clause next to a number, in a unit, may be a part of what is said of it: "in Leeds", "a guess"."""
    if is_nothing(clause) or _is_in_another_unit(clause, unit):
        return False
    words = clause.words
    if _is_of_another_number(clause.tokens) or (words and words[0] in _BLOCKERS):
        return False
    if any(
        word in _CONDITION | _TIMES_TO_COME | _SPEECH | _IRONY - {"not"} | _PARTS | _MODAL for word in words
    ):
        return True
    if clause.opener in (
        "because",
        "since",
        "due",
        "but",
        "so",
        "although",
        "though",
        "while",
        "whereas",
        "despite",
    ):
        return any(word in _NOT_ENOUGH for word in words)
    if clause.tokens and clause.tokens[0].kind == METRIC:
        return False
    is_sentence = (
        len(words) >= 2
        and words[0] not in _PREPOSITIONS
        and any(word in _VERBS or word.endswith("ed") for word in words[1:])
    )
    return not is_sentence or any(word in _NOT_ENOUGH for word in words)


def _is_in_another_unit(clause: Clause, unit: str) -> bool:
    """A number alone that can be no other value of the same: "4,650 subscribers, £300"."""
    return all(token.kind == FIGURE and token.means.unit not in ("", unit) for token in clause.tokens)


def _is_of_another_number(tokens: Sequence[Token]) -> bool:
    """Whether it has a number of its own: "12 unsubscribes", "80 % done", "and 6,000 is still the goal"."""
    at = next((i for i, token in enumerate(tokens) if token.kind == FIGURE), None)
    if at is None or any(token.kind == METRIC for token in tokens):
        return False
    words = [token.word for token in tokens if token.kind == WORD]
    return not any(word in _PREPOSITIONS | _CONDITION | _TIMES_TO_COME | _SPEECH for word in words) and any(
        word not in _NOT_ENOUGH for word in words
    )


def faces_disagree(faces: Sequence[str], health: Health | None) -> bool:
    plain = [face.rstrip("🏻🏼🏽🏾🏿") for face in faces]
    if any(face in _NOT_MEANT for face in plain):
        return True
    against = _SAD if health is Health.ON_TRACK else _PLEASED
    return health is not None and any(face in against for face in plain)


def has_other_colours(tokens: Sequence[Token]) -> bool:
    return any(token.is_word(_OTHER_COLOURS) for token in tokens)


def is_said_of_something(tokens: Sequence[Token], i: int) -> bool:
    """Whether a health that is no statement may be one about something: not "red tape", "at-risk families"."""
    token = tokens[i]
    if token.kind != WORD:
        return True
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    before = tokens[i - 1].word if i else ""
    is_adjective = (
        after is not None
        and after.kind in (WORD, METRIC, NAME)
        and after.word not in _PREPOSITIONS | GREETINGS
    )
    return before in _COPULAS or not is_adjective


_COPULAS = listed(
    "is are am was were be been being all it's that's we're i'm goes went going turned not now still"
)
