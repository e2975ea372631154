"""What a block is drawn with: the reader, what was typed into its inputs, and the errors at them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sandbox.page.reader import Reader

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
_ODD = re.compile(r"[^\w-]")


@dataclass(frozen=True, slots=True)
class Frame:
    """`values` has the shape of `view.state.values`: block_id, then action_id; `errors` are by block_id.

    `acts` is the address that what is pressed or chosen goes to; without one nothing can be pressed.
    """

    reader: Reader
    values: Values = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    acts: str = ""

    def state(self, block_id: str, action_id: str) -> Mapping[str, Any] | None:
        return self.values.get(block_id, {}).get(action_id)

    def act(self, block_id: str, action_id: str, **more: str) -> str | None:
        """Where an element posts to."""
        if not self.acts:
            return None
        return f"{self.acts}?{urlencode({'block': block_id, 'action': action_id, **more})}"

    def mark(self, part: str, block_id: str) -> str:
        """An id on the page: `label`, `note` and `menu` of a block."""
        return _ODD.sub("_", f"{part}-{self.acts.rpartition('/')[2]}-{block_id}")
