"""The checklist that ships, read once and only if it is asked for, without a database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from checklists.core.editions.edition import Edition
    from checklists.packs.editions.schema import Pack


@cache
def pack() -> Pack:
    from checklists.packs.editions.reader import read_pack
    from checklists.packs.files.shipped import shipped_pack

    return read_pack(shipped_pack("cnil-hosting"))


@pytest.fixture(scope="session")
def flagship() -> Edition:
    from checklists.core.editions.edition import Edition

    return Edition.from_document(pack().to_document())
