"""A key made of a text, where an editor gives none."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.utils.text import slugify

LONGEST = 40
"""Characters a made key has at most: people meet it in files and in addresses."""


def made_key(text: str, taken: Collection[str], *, may_begin_with_digit: bool = False) -> str:
    """A free key of the first words of ``text``; '' when it has no letter to make one of."""
    stem = slugify(text).replace("-", "_")
    if not may_begin_with_digit:
        stem = re.sub(r"^[^a-z]+", "", stem)
    if len(stem) > LONGEST:
        stem = stem[:LONGEST].rpartition("_")[0] or stem[:LONGEST]
    stem = stem.strip("_")
    key, number = stem, 2
    while stem and key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key
