"""Charts as SVG strings: pure functions, escaped text, legible in grey; a shape or a pattern doubles every colour."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

INK, MUTED, LINE, ACCENT, PAPER = "#1f2a2e", "#5a5f5f", "#cfc8bd", "#14505c", "#ffffff"
VERDICT_COLOURS = {
    "unacceptable": "#9b1c1c",
    "transition_only": "#9a4508",
    "conditional": "#6f5600",
    "acceptable": "#2f6b3a",
    "sovereign": "#14505c",
    "none": "#5a5f5f",
}
SHAPES: Mapping[str, str] = {
    "unacceptable": '<path d="M30 0H70L100 30V70L70 100H30L0 70V30Z" fill="{fill}"/>',
    "transition_only": '<path d="M50 4L100 96H0Z" fill="{fill}"/>',
    "conditional": '<path d="M50 0L100 50L50 100L0 50Z" fill="{fill}"/>',
    "acceptable": '<circle cx="50" cy="50" r="48" fill="{fill}"/>',
    "sovereign": '<path d="M4 0H96V58L50 100L4 58Z" fill="{fill}"/>',
    "none": '<rect x="9" y="9" width="82" height="82" fill="none" stroke="{fill}" stroke-width="16"/>',
}
"""One shape per verdict, in a 100 x 100 square: octagon, triangle, diamond, disc, shield; an open square for none."""

_SANS = "font-family=\"'Atkinson Hyperlegible', sans-serif\""


@dataclass(frozen=True)
class ScaleStep:
    """One verdict of the scale, as drawn: ``notes`` stand under its name; ``is_reached`` when it is still possible."""

    key: str
    label: str
    notes: tuple[str, ...]
    is_reached: bool
    is_required: bool


@dataclass(frozen=True)
class BandRow:
    """One bar, ends 0-100. ``figure`` is what stands beside it; ``is_weighed`` false draws it faint."""

    label: str
    low: int
    high: int
    figure: str
    is_weighed: bool = True
    is_total: bool = False


def data_uri(svg: str) -> str:
    """``svg`` as the source of an ``<img>``."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def shape(key: str) -> str:
    """The shape of the verdict named ``key``, alone, in its colour."""
    return _svg(100, 100, [SHAPES[key].format(fill=VERDICT_COLOURS[key])])


def scale(steps: Sequence[ScaleStep]) -> str:
    """The five verdicts side by side, worst first; what is still possible is thick and filled, the rest a thin line."""
    width, gap = 680, 8
    each = (width - gap * (len(steps) - 1)) / len(steps)
    parts = []
    for index, step in enumerate(steps):
        left, colour = index * (each + gap), VERDICT_COLOURS[step.key]
        if step.is_required:
            parts.append(f'<path d="M{_n(left)} 2h14l-4 5 4 5h-14Z" fill="{INK}"/>')
            parts.append(f'<path d="M{_n(left + 0.6)} 2v28" stroke="{INK}" stroke-width="1.4"/>')
        if step.is_reached:
            parts.append(_rect(left, 20, each, 10, colour))
        else:
            parts.append(_rect(left, 27, each, 3, LINE))
        fill = colour if step.is_reached else MUTED
        mark = SHAPES[step.key].format(fill=fill)
        parts.append(f'<g transform="translate({_n(left)} 40) scale(0.12)">{mark}</g>')
        lines = _fit(step.label, 17)
        for row, words in enumerate(lines):
            parts.append(_text(left + 18, 51 + row * 15, words, 13, colour if step.is_reached else MUTED, bold=True))
        top = 51 + len(lines) * 15
        for row, words in enumerate(line for note in step.notes for line in _fit(note, 24)):
            parts.append(_text(left, top + 2 + row * 13.5, words, 11.5, INK))
    return _svg(width, 112, parts)


def bands(rows: Sequence[BandRow]) -> str:
    """One bar per row on a 0-100 axis: solid up to the low end, hatched from there to the high end."""
    width, left, right, pitch, top = 680, 236, 596, 40, 26
    span = (right - left) / 100
    bottom = top + pitch * len(rows)
    parts = []
    for mark in (0, 25, 50, 75, 100):
        x = left + mark * span
        parts.append(f'<path d="M{_n(x)} {top - 6}V{bottom}" stroke="{LINE}" stroke-width="1"/>')
        parts.append(_text(x, top - 12, str(mark), 11, MUTED, anchor="middle"))
    for index, row in enumerate(rows):
        y = top + pitch * index
        lines = _fit(row.label, 35)
        ink = INK if row.is_weighed else MUTED
        for number, words in enumerate(lines):
            base = y + pitch / 2 + 4.5 + (number - (len(lines) - 1) / 2) * 14
            parts.append(_text(0, base, words, 12.5, ink, bold=row.is_total))
        height = 16 if row.is_total else 12
        parts.extend(_bar(left, y + (pitch - height) / 2, span, height, row))
        parts.append(_text(right + 12, y + pitch / 2 + 4.5, row.figure, 12.5, ink, bold=row.is_weighed))
        if row.is_total:
            parts.append(f'<path d="M0 {y + pitch}H{width}" stroke="{INK}" stroke-width="1"/>')
    return _svg(width, bottom + 4, parts)


def _bar(left: float, y: float, span: float, height: float, row: BandRow) -> Iterable[str]:
    start, end = left + row.low * span, left + row.high * span
    colour = ACCENT if row.is_weighed else MUTED
    yield _rect(left, y, 100 * span, height, "#f1ede6")
    if row.high > row.low:
        yield _rect(start, y, end - start, height, PAPER)
        yield from _hatching(start, end, y, height, colour)
        yield (
            f'<rect x="{_n(start)}" y="{_n(y)}" width="{_n(end - start)}" height="{_n(height)}" fill="none" '
            f'stroke="{colour}" stroke-width="1"/>'
        )
    if row.low:
        yield _rect(left, y, start - left, height, colour)
    yield f'<path d="M{_n(start)} {_n(y - 3)}V{_n(y + height + 3)}" stroke="{INK}" stroke-width="2"/>'


def _hatching(start: float, end: float, y: float, height: float, colour: str) -> Iterable[str]:
    """Slanted strokes cut at the ends of the bar by arithmetic: no clip path, no pattern to support."""
    x = start - height
    while x < end:
        low, high = max(x, start), min(x + height, end)
        if high > low:
            yield (
                f'<path d="M{_n(low)} {_n(y + height - (low - x))}L{_n(high)} {_n(y + height - (high - x))}" '
                f'stroke="{colour}" stroke-width="1"/>'
            )
        x += 5


def _fit(words: str, columns: int) -> list[str]:
    """``words`` on one or two lines of about ``columns`` characters; the rest is cut with an ellipsis."""
    lines = wrap(words, columns) or [""]
    return lines if len(lines) <= 2 else [lines[0], lines[1][: columns - 1].rstrip() + "…"]


def _text(x: float, y: float, words: str, size: float, fill: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = "700" if bold else "400"
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" {_SANS} font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"/>'


def _svg(width: float, height: float, parts: Iterable[str]) -> str:
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _n(value: float) -> str:
    """A number with two decimals at most: the same drawing gives the same bytes."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
