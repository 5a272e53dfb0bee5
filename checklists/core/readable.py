"""Which characters of a text a file or a person cannot read, and the text without them."""

from __future__ import annotations

import re

UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202d\u202e\ufff9-\ufffb]"
)
"""What XML 1.0 (§2.2) does not hold or discourages, and the two characters that make what follows be read backwards."""
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Whatever changes the direction of the text around it; in the name of something it can only mislead."""


def readable(text: str) -> str:
    """``text`` without the characters that cannot be read; the rest as it is."""
    return UNREADABLE.sub("", text)


def unreadable_in(text: str) -> list[str]:
    """Those characters of ``text``, once each, as people name them: 'U+FFFE'."""
    return sorted({f"U+{ord(found):04X}" for found in UNREADABLE.findall(text)})
