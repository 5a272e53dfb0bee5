"""Every character of a report has a glyph, or is named by its number: PDF/A and PDF/UA allow no missing glyph."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FALLBACK = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/opentype/unifont/unifont.otf"),
    Path("/usr/share/fonts/opentype/unifont/unifont_upper.otf"),
)
"""The fonts of ``assets/fonts.conf`` that cover most; a missing file only means more numbers in place of signs."""

_EVERY_FONT_HAS = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) | frozenset("\t\n\r–—‘’‚“”„†•…‰‹›€™")
# Controls have no glyph; private characters have a meaning nobody else knows; an override shows text as it is not.
_NEVER = ("Cc", "Co", "Cs", "Cn")
_OVERRIDES = "\u202d\u202e"


def printable(text: str) -> str:
    """``text`` with each character that no font of ours can show written as its number: ``[U+E000]``."""
    rare = set(text) - _EVERY_FONT_HAS
    unknown = {ord(char): f"[U+{ord(char):04X}]" for char in rare if not _has_a_glyph(char)}
    return text.translate(unknown) if unknown else text


def _has_a_glyph(char: str) -> bool:
    if unicodedata.category(char) in _NEVER or char in _OVERRIDES:
        return False
    return ord(char) in _covered()


@cache
def _covered() -> frozenset[int]:
    """The characters of the fallback fonts, read once a process and only if a rare one is met."""
    found: set[int] = set()
    for file in FALLBACK:
        if file.exists():
            with TTFont(file, lazy=True) as font:
                found.update(font.getBestCmap())
    return frozenset(found)
