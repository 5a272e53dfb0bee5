"""From the bytes of a pack to the checked pack, or to a list of everything wrong with it."""

from __future__ import annotations

from checklists.packs.editions.checks import check
from checklists.packs.editions.schema import SCHEMA, Pack
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.validation import refuse_any, validated


def read_pack(raw: bytes) -> Pack:
    """The checked pack in ``raw``. Raises ``PackError`` with places, lines and remedies."""
    document, lines = read_yaml(raw)
    pack = validated(Pack, SCHEMA, document, lines)
    refuse_any(check(pack), document, lines)
    return pack
