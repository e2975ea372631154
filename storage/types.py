"""Values that are the same on SQLite and PostgreSQL: instants, and numbers as the decimal text they are."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite would drop the zone, so naive values are refused (ValueError)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def read_number(kept: str) -> Decimal:
    """Raises what reading anything else raises."""
    value = Decimal(kept)
    if not value.is_finite():
        raise ValueError("A number that was read is one.")
    return value
