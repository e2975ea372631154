"""What a block is drawn with: the reader, what was typed into its inputs, and the errors at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.page.reader import Reader

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Frame:
    """`values` has the shape of `view.state.values`: block_id, then action_id; `errors` are by block_id."""

    reader: Reader
    values: Values = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def state(self, block_id: str, action_id: str) -> Mapping[str, Any] | None:
        return self.values.get(block_id, {}).get(action_id)
