"""An animated PNG of several PNGs of one size: https://www.w3.org/TR/png-3/#apng-frame-based-animation."""

import struct
import zlib
from collections.abc import Iterator, Sequence

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def animate(frames: Sequence[tuple[bytes, float]]) -> bytes:
    """Each frame with how many seconds it stands; plays for ever."""
    first = dict(_chunks(frames[0][0]))
    width, height = struct.unpack(">II", first[b"IHDR"][:8])
    out = [_SIGNATURE, _chunk(b"IHDR", first[b"IHDR"]), _chunk(b"acTL", struct.pack(">II", len(frames), 0))]
    number = 0
    for at, (frame, seconds) in enumerate(frames):
        shape = struct.pack(">IIIIIHHBB", number, width, height, 0, 0, round(seconds * 100), 100, 0, 0)
        out.append(_chunk(b"fcTL", shape))
        number += 1
        for kind, data in _chunks(frame):
            if kind != b"IDAT":
                continue
            if at == 0:
                out.append(_chunk(b"IDAT", data))
            else:
                out.append(_chunk(b"fdAT", struct.pack(">I", number) + data))
                number += 1
    return b"".join([*out, _chunk(b"IEND", b"")])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        [length] = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
