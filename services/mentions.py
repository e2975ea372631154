"""Who is mentioned in a message, by name where people read it."""

from sqlalchemy.orm import Session

from domain.reading.markup import plain_text
from domain.reading.mentions import list_mentioned
from storage import people


def read_words(session: Session, workspace_id: str, text: str) -> str:
    """The text of a message as its writer sees it, with the names of those it mentions. Raises UnknownPeople."""
    mentioned = people.list_people(session, workspace_id, list_mentioned(text))
    return plain_text(text, {person.id: person.name for person in mentioned.values()})
