"""Drawings as SVG text. Figures stand beside every bar, and doubt is hatched: nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape

from checklists.words.judging.presentation import ConcernLine

_ROW, _WIDTH, _LEFT, _BAR, _TALL = 34, 640, 262, 300, 18
_INK, _LINE = "#14505c", "#8b8f8c"


def concern_chart(concerns: Sequence[ConcernLine]) -> str:
    """One bar a concern: filled up to the low end, hatched up to the high end, figures at the right."""
    foot = _ROW * len(concerns)
    rows = [_row(concern, index * _ROW + 4) for index, concern in enumerate(concerns)]
    ticks = "".join(
        f'<line x1="{_LEFT + at * 3}" x2="{_LEFT + at * 3}" y1="0" y2="{foot}" stroke="{_LINE}" stroke-width=".5"/>'
        f'<text x="{_LEFT + at * 3}" y="{foot + 14}" font-size="10" text-anchor="middle" fill="#5a5f5f">{at}</text>'
        for at in (0, 25, 50, 75, 100)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {foot + 18}" width="{_WIDTH}" '
        f'height="{foot + 18}" font-family="Atkinson Hyperlegible">{ticks}{"".join(rows)}</svg>'
    )


def _row(concern: ConcernLine, top: int) -> str:
    low, high = concern.low * _BAR / 100, concern.high * _BAR / 100
    hatch = "".join(f"M{_LEFT + x:.1f} {top}v{_TALL}" for x in _steps(low + 4, high, 4))
    figures = str(concern.low) if concern.low == concern.high else f"{concern.low}–{concern.high}"
    return (
        f'<text x="0" y="{top + 14}" font-size="13">{escape(concern.title)}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{_BAR}" height="{_TALL}" fill="none" stroke="{_LINE}" stroke-width=".6"/>'
        f'<rect x="{_LEFT}" y="{top}" width="{high:.1f}" height="{_TALL}" fill="#ffffff" stroke="{_INK}"/>'
        f'<path d="{hatch}" stroke="{_INK}" stroke-width=".9" fill="none"/>'
        f'<rect x="{_LEFT}" y="{top}" width="{low:.1f}" height="{_TALL}" fill="{_INK}"/>'
        f'<text x="{_LEFT + _BAR + 12}" y="{top + 14}" font-size="13" font-weight="700">{figures}</text>'
    )


def _steps(start: float, end: float, by: float) -> list[float]:
    return [start + by * turn for turn in range(max(0, int((end - start) / by) + 1)) if start + by * turn < end]


def watermark(word: str, *, is_turned: bool = False) -> str:
    """``word`` large, pale and aslant over an A4 sheet, upright or turned, to lie under the text."""
    width, height = (297, 210) if is_turned else (210, 297)
    across, down = width / 2, height / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm">'
        f'<text x="{across}" y="{down + 12}" font-family="IBM Plex Serif" font-weight="600" font-size="46" '
        f'text-anchor="middle" fill="#f3efe9" transform="rotate(-45 {across} {down})">{escape(word)}</text></svg>'
    )
