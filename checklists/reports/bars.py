"""Charts as SVG text. Figures stand beside every bar: nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape

from checklists.reports.presentation import ConcernLine

_ROW, _WIDTH, _BAR = 34, 640, 300


def concern_chart(concerns: Sequence[ConcernLine]) -> str:
    """One bar a concern: filled up to the low end, hatched lighter up to the high end, figures at the right."""
    height = _ROW * len(concerns) + 4
    rows = []
    for index, concern in enumerate(concerns):
        top = index * _ROW + 6
        low, high = concern.low * _BAR / 100, concern.high * _BAR / 100
        rows.append(
            f'<text x="0" y="{top + 15}" font-size="14">{escape(concern.title)}</text>'
            f'<rect x="270" y="{top}" width="{_BAR}" height="20" fill="#f1ede6" stroke="#8b8f8c" stroke-width=".5"/>'
            f'<rect x="270" y="{top}" width="{high:.1f}" height="20" fill="#b9cdd1"/>'
            f'<rect x="270" y="{top}" width="{low:.1f}" height="20" fill="#14505c"/>'
            f'<text x="{270 + _BAR + 10}" y="{top + 15}" font-size="14">{concern.low}–{concern.high}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="Atkinson Hyperlegible">{"".join(rows)}</svg>'
    )
