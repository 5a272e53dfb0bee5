"""A verdict is described once: what is drawn or typed elsewhere is held to that description."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings

from checklists.core.editions.vocabulary import Verdict
from checklists.models.portfolio import VERDICT_KEYS, VerdictChange
from checklists.packs.editions.schema import VerdictKey
from checklists.words.portfolio.evolution import swatch
from checklists.words.verdicts import FACES

ROOT = Path(settings.BASE_DIR) / "checklists"
KEYS = [verdict.key for verdict in Verdict]
COLOURED = {
    "static/checklists/verdicts.css": r"\.verdict-([a-z_]+)\s*\{\s*--v:\s*([^;]+);",
    "documents/assets/page.css": r"^\.([a-z_]+)\s*\{\s*--v:\s*([^;]+);",
    "documents/assets/document.css": r"^\.([a-z_]+)\s*\{\s*--v:\s*([^;]+);",
}
"""Each stylesheet that gives the verdicts their colours, and how it does."""


def test_every_verdict_has_a_face_worst_first() -> None:
    assert list(FACES) == list(Verdict)
    for part in ("name", "meaning", "colour", "on_dark", "shape"):
        assert len({str(getattr(face, part)) for face in FACES.values()}) == len(Verdict)
    assert len({(face.fill, face.texture) for face in FACES.values()}) == len(Verdict)


@pytest.mark.parametrize("sheet", COLOURED)
def test_a_stylesheet_gives_each_verdict_its_colour(sheet: str) -> None:
    found = dict(re.findall(COLOURED[sheet], (ROOT / sheet).read_text(), re.M))
    on_paper = sheet.startswith("documents/")
    assert found == {
        verdict.key: face.colour if on_paper else f"light-dark({face.colour}, {face.on_dark})"
        for verdict, face in FACES.items()
    }


def test_the_stylesheet_gives_each_verdict_its_shape() -> None:
    text = (ROOT / "static/checklists/verdicts.css").read_text()
    found = dict(re.findall(r"\.verdict-([a-z_]+) \.verdict-shape\s*\{\s*([^;]+);", text))
    assert found == {verdict.key: face.shape for verdict, face in FACES.items()}


def test_no_other_stylesheet_speaks_of_a_verdict() -> None:
    named = re.compile(rf"\.(verdict-)?({'|'.join(KEYS)})\b")
    sheets = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.css") if named.search(path.read_text())}
    assert sheets == set(COLOURED)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_chart_fills_a_verdict_as_its_face_says(verdict: Verdict) -> None:
    drawn, face = swatch(verdict), FACES[verdict]
    assert f'fill="{face.fill}"' in drawn
    assert (f'd="{face.texture}"' in drawn) is bool(face.texture)


def test_packs_and_rows_know_the_same_verdicts() -> None:
    assert list(get_args(VerdictKey)) == KEYS == [key for key, _label in VERDICT_KEYS]
    assert all(len(key) <= VerdictChange._meta.get_field("verdict").max_length for key in KEYS)
