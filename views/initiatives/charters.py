"""The part of the initiative form about authority and resources: what the owner is given, and by whom."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from domain.kickoffs import CHANNELS, MAX_PARTNERS, Charter, Confirmation, Role
from views.slack import blocks as b
from views.slack.fields import FormReader, person_of

SPONSOR = "sponsor"
MAY_DECIDE = "may_decide"
BUDGET = "budget"
RESOURCES = "resources"
CHANNEL_FIELD = "channels"

# What is typed waits in a form's metadata (3,000 characters) while room is made for a sixth initiative.
MAX_WORDS = 180
MAX_BUDGET = 100
MAX_COMMITMENT = 90


def partner_field(number: int) -> str:
    return f"partner_{number}"


def commitment_field(number: int) -> str:
    return f"partner_{number}_commits"


class PartnerDraft(BaseModel):
    """Somebody who is to commit something."""

    model_config = ConfigDict(frozen=True)
    person_id: str
    what: str = ""
    number: int = 1
    """Of their row in the form."""


class CharterDraft(BaseModel):
    """Authority and resources as typed; without a sponsor it is whoever adds the initiative."""

    model_config = ConfigDict(frozen=True)
    sponsor_id: str | None = None
    may_decide: str = ""
    budget: str = ""
    resources: str = ""
    channels: tuple[str, ...] = ()
    partners: tuple[PartnerDraft, ...] = ()

    def charter(self, initiative_id: int, lead_id: str) -> Charter:
        return Charter(
            initiative_id,
            self.sponsor_id or lead_id,
            self.may_decide,
            self.budget,
            self.resources,
            self.channels,
        )


def charter_draft(charter: Charter | None, confirmations: Sequence[Confirmation]) -> CharterDraft:
    """What an edit form is filled in with."""
    partners = tuple(
        PartnerDraft(person_id=one.person_id, what=one.what)
        for one in confirmations
        if one.role is Role.PARTNER
    )
    if charter is None:
        return CharterDraft(partners=partners)
    return CharterDraft(
        sponsor_id=charter.sponsor_id,
        may_decide=charter.may_decide,
        budget=charter.budget,
        resources=charter.resources,
        channels=charter.channels,
        partners=partners,
    )


def charter_blocks(draft: CharterDraft) -> list[b.Block]:
    channels = b.checkboxes([(channel.capitalize(), channel) for channel in CHANNELS], draft.channels)
    return [
        b.divider(),
        b.header("What its owner is given"),
        b.context("The sponsor confirms these before it begins. What you leave empty can be added later."),
        b.input_block(
            "Sponsor",
            b.user_select(draft.sponsor_id),
            block_id=SPONSOR,
            hint="Whoever gives the owner the decisions, budget and people below.",
        ),
        b.input_block(
            "What the owner may decide alone",
            b.text_input(draft.may_decide, multiline=True, max_length=MAX_WORDS),
            block_id=MAY_DECIDE,
            hint="Such as: texts and pictures, and spending up to £200.",
            optional=True,
        ),
        b.input_block(
            "Budget", b.text_input(draft.budget, max_length=MAX_BUDGET), block_id=BUDGET, optional=True
        ),
        b.input_block(
            "People and tools",
            b.text_input(draft.resources, multiline=True, max_length=MAX_WORDS),
            block_id=RESOURCES,
            optional=True,
        ),
        b.input_block("Channels it uses", channels, block_id=CHANNEL_FIELD, optional=True),
        b.divider(),
        b.header("Partners"),
        b.context("People whose help it needs. Each is asked to commit, by name."),
        *_partner_blocks(draft.partners),
    ]


def _partner_blocks(partners: Sequence[PartnerDraft]) -> list[b.Block]:
    blocks = []
    for number in range(1, MAX_PARTNERS + 1):
        known = partners[number - 1] if number <= len(partners) else None
        blocks += [
            b.input_block(
                f"Partner {number}",
                b.user_select(known.person_id if known else None),
                block_id=partner_field(number),
                optional=True,
            ),
            b.input_block(
                f"Partner {number}: what they commit",
                b.text_input(known.what if known else "", max_length=MAX_COMMITMENT),
                block_id=commitment_field(number),
                hint="Such as: two days of design in January." if number == 1 else None,
                optional=True,
            ),
        ]
    return blocks


def read_charter(reader: FormReader) -> CharterDraft:
    """What the form holds; what is wrong is refused at its field."""
    return CharterDraft(
        sponsor_id=person_of(reader.state, SPONSOR),
        may_decide=reader.words(MAY_DECIDE, MAX_WORDS),
        budget=reader.words(BUDGET, MAX_BUDGET),
        resources=reader.words(RESOURCES, MAX_WORDS),
        channels=reader.choices(CHANNEL_FIELD, CHANNELS),
        partners=_read_partners(reader),
    )


def _read_partners(reader: FormReader) -> tuple[PartnerDraft, ...]:
    partners: dict[str, PartnerDraft] = {}
    for number in range(1, MAX_PARTNERS + 1):
        person_id = person_of(reader.state, partner_field(number))
        what = reader.words(commitment_field(number), MAX_COMMITMENT)
        if person_id is None:
            if what:
                reader.refuse(partner_field(number), "Choose who commits this, or empty what they commit.")
            continue
        if not what:
            reader.refuse(commitment_field(number), "Say what they are to commit, such as: two days a month.")
        if person_id in partners:
            reader.refuse(partner_field(number), "This partner is named above already. Put both in one line.")
        partners[person_id] = PartnerDraft(person_id=person_id, what=what, number=number)
    return tuple(partners.values())
