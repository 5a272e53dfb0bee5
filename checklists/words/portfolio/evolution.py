"""The evolution of a portfolio drawn as columns. The same figures stand in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.translation import gettext as _

from checklists.core.editions.vocabulary import Verdict
from checklists.services.day_format import date_format
from checklists.services.portfolio.history import Snapshot
from checklists.words.judging.presentation import Step, step
from checklists.words.verdicts import FACES

ORDER: tuple[Verdict | None, ...] = (None, *reversed(Verdict))
"""From the top of a column to its foot: the worst stands on the ground, where it is compared best."""
_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 860, 330, 44, 12, 34
_INK = "#1f2a2e"
_FILLS: dict[Verdict | None, tuple[str, str]] = {
    **{verdict: (face.fill, face.texture) for verdict, face in FACES.items()},
    None: ("#ffffff", "M1 1H2V2H1ZM4 4H5V5H4Z"),
}
"""A fill, and a path over it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One day of the table: the counts in the order of its columns, their total, how many reach what is required."""

    day: str
    counts: tuple[int, ...]
    total: int
    reached: int


@dataclass(frozen=True, slots=True)
class Evolution:
    """``steps`` are the columns of the table, worst first (``None``: no verdict yet), each with its swatch."""

    steps: tuple[tuple[Step | None, str], ...]
    lines: tuple[Line, ...]
    drawing: str
    is_empty: bool


def present_evolution(snapshots: Sequence[Snapshot]) -> Evolution:
    columns: tuple[Verdict | None, ...] = (*Verdict, None)
    return Evolution(
        steps=tuple((None if each is None else step(each), swatch(each)) for each in columns),
        lines=tuple(
            Line(date_format(s.day, "DATE_FORMAT"), tuple(s.counts[c] for c in columns), s.total, s.reached)
            for s in snapshots
        ),
        drawing=columns_chart(snapshots),
        is_empty=not any(s.total for s in snapshots),
    )


def columns_chart(snapshots: Sequence[Snapshot]) -> str:
    """SVG text: a stacked column a day, its total on top, the count in each part tall enough to hold it."""
    most = max((s.total for s in snapshots), default=0)
    if not most:
        return ""
    ground, high = _HEIGHT - _FOOT, _HEIGHT - _FOOT - _TOP - 18
    pitch = (_WIDTH - _LEFT) / len(snapshots)
    parts = [_textures("c")]
    for mark in _marks(most):
        y = ground - mark * high / most
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#b5b0a6" stroke-width=".6"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" font-size="12" text-anchor="end" fill="#3d4446">{mark}</text>'
        )
    for index, snapshot in enumerate(snapshots):
        parts.append(_column(snapshot, _LEFT + index * pitch + pitch * 0.12, pitch * 0.76, ground, high / most))
    label = escape(_("Assessments at each verdict, month by month: the same figures are in the table below"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}" '
        f'font-family="Atkinson Hyperlegible">{"".join(parts)}</svg>'
    )


def _column(snapshot: Snapshot, left: float, width: float, ground: float, scale: float) -> str:
    middle, foot, parts = left + width / 2, ground, []
    for verdict in reversed(ORDER):
        count = snapshot.counts[verdict]
        if not count:
            continue
        tall = count * scale
        top = foot - tall
        box = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{tall:.1f}"'
        parts.append(f'<rect {box} fill="{_FILLS[verdict][0]}"/>')
        if _FILLS[verdict][1]:
            parts.append(f'<rect {box} fill="url(#c-{_key(verdict)})"/>')
        parts.append(f'<rect {box} fill="none" stroke="{_INK}" stroke-width=".8"/>')
        if tall >= 18:
            plate = 8 + 7 * len(str(count))
            parts.append(
                f'<rect x="{middle - plate / 2:.1f}" y="{top + tall / 2 - 8:.1f}" width="{plate}" height="16" rx="3" '
                f'fill="#ffffff"/><text x="{middle:.1f}" y="{top + tall / 2 + 4.5:.1f}" font-size="13" '
                f'text-anchor="middle" fill="{_INK}">{count}</text>'
            )
        foot = top
    if snapshot.total:
        parts.append(
            f'<text x="{middle:.1f}" y="{foot - 6:.1f}" font-size="13" font-weight="700" text-anchor="middle" '
            f'fill="{_INK}">{snapshot.total}</text>'
        )
    month = escape(date_format(snapshot.day, "N"))
    year = date_format(snapshot.day, "Y")
    parts.append(
        f'<text x="{middle:.1f}" y="{ground + 15}" font-size="12" text-anchor="middle" fill="{_INK}">{month}</text>'
        f'<text x="{middle:.1f}" y="{ground + 29}" font-size="11" text-anchor="middle" fill="#5a5f5f">{year}</text>'
    )
    return "".join(parts)


def swatch(verdict: Verdict | None) -> str:
    """A small square filled as that verdict's parts are."""
    texture = _textures("s", verdict) if _FILLS[verdict][1] else ""
    over = f'<rect width="16" height="16" fill="url(#s-{_key(verdict)})"/>' if texture else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        f'{texture}<rect width="16" height="16" fill="{_FILLS[verdict][0]}"/>{over}'
        f'<rect x=".5" y=".5" width="15" height="15" fill="none" stroke="{_INK}"/></svg>'
    )


def _key(verdict: Verdict | None) -> str:
    return verdict.key if verdict is not None else "none"


def _textures(prefix: str, *only: Verdict | None) -> str:
    patterns = "".join(
        f'<pattern id="{prefix}-{_key(verdict)}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="{texture}" stroke="{_INK}" stroke-width="1" fill="{_INK}"/></pattern>'
        for verdict, (_fill, texture) in _FILLS.items()
        if texture and (not only or verdict in only)
    )
    return f"<defs>{patterns}</defs>"


def _marks(most: int) -> list[int]:
    """At most six round numbers up to ``most``."""
    by = next(size * 10**power for power in range(9) for size in (1, 2, 5) if size * 10**power * 5 >= most)
    return list(range(0, most + 1, by))
