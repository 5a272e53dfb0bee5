"""What people write without a space, or with a thousand line breaks, set in pages all the same, and quickly."""

from __future__ import annotations

import re

LONG = 120
"""Letters without a space from which a run may break: longer than a hash or most addresses."""
PIECE = 40
_MAY_BREAK = "\u200b"

# East Asian writing, Thai, Lao, Khmer and emoji break where their own rules say.
_LETTER = r"(?:&[#0-9A-Za-z]+;|[^\s<>&\u0e00-\u0eff\u1780-\u17ff\u2e80-\U0010ffff])"
_PARTS = re.compile(
    rf"<style.*?</style>|(?P<blank>(?:<br ?/?>\s*){{3,}})|<[^>]*>|(?P<run>{_LETTER}{{{LONG},}})", re.DOTALL
)
_LETTERS = re.compile(_LETTER)


def breakable(html: str) -> str:
    """``html`` with places to break in its endless words, and no more than one empty line in a row.

    An unbroken run of 5,000 letters costs WeasyPrint ten times what as many letters in words do.
    """
    return _PARTS.sub(_tamed, html)


def _tamed(part: re.Match[str]) -> str:
    if part["blank"]:
        return "<br><br>"
    if not part["run"]:
        return part[0]
    letters = _LETTERS.findall(part["run"])
    return _MAY_BREAK.join("".join(letters[start : start + PIECE]) for start in range(0, len(letters), PIECE))
