"""What every table is declared with."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import UtcDateTime


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
    )
    type_annotation_map = {
        str: Text,
        int: BigInteger,
        datetime: UtcDateTime,
        date: Date,
        dict[str, Any]: JSON,
        list[int]: JSON(none_as_null=True),
    }


def key() -> Mapped[Any]:
    """A column of the primary key."""
    return mapped_column(primary_key=True)
