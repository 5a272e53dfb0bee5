"""A plan drawn as bars on a calendar. The same content stands in a table beside it, so nothing is said by it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import escape

from checklists.services.day_format import date_format

_ROW, _TOP, _LEFT, _WIDTH, _CHART = 26, 30, 250, 860, 600


@dataclass(frozen=True, slots=True)
class Bar:
    """One step to draw: ``start`` to ``end`` as likely, up to ``high`` at the longest."""

    label: str
    start: date
    end: date
    high: date
    is_critical: bool
    is_done: bool


def gantt(bars: Sequence[Bar]) -> str:
    """SVG text; '' for no bar. Steps on the critical path are dark, the others pale, the longest end a thin line."""
    if not bars:
        return ""
    first, last = min(bar.start for bar in bars), max(bar.high for bar in bars)
    days = max(1, (last - first).days)

    def x(day: date) -> float:
        return _LEFT + (day - first).days * _CHART / days

    height = _TOP + _ROW * len(bars) + 4
    parts = [
        f'<line x1="{x(day):.1f}" y1="{_TOP - 8}" x2="{x(day):.1f}" y2="{height}" stroke="#ddd6cb"/>'
        f'<text x="{x(day) + 3:.1f}" y="{_TOP - 12}" font-size="11" fill="#3d4446">'
        f"{escape(date_format(day, 'M Y'))}</text>"
        for day in _months(first, last)
    ]
    for index, bar in enumerate(bars):
        top = _TOP + index * _ROW
        fill = "#8b8f8c" if bar.is_done else "#14505c" if bar.is_critical else "#b9cdd1"
        width = max(2.0, x(bar.end) - x(bar.start))
        parts.append(
            f'<text x="0" y="{top + 15}" font-size="12" fill="#1f2a2e">{escape(_shortened(bar.label))}</text>'
            f'<rect x="{x(bar.start):.1f}" y="{top + 4}" width="{width:.1f}" height="15" rx="2" fill="{fill}" '
            f'stroke="#1f2a2e" stroke-width=".6"/>'
            f'<line x1="{x(bar.end):.1f}" y1="{top + 11.5}" x2="{x(bar.high):.1f}" y2="{top + 11.5}" '
            f'stroke="#1f2a2e" stroke-width="1.5" stroke-dasharray="3 2"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gantt" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="Atkinson Hyperlegible">{"".join(parts)}</svg>'
    )


def _months(first: date, last: date) -> list[date]:
    """The first day of at most twelve evenly spaced months of the span."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = max(1, -(-months // 12))
    marks, day = [], (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        marks.append(day)
        year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
        day = date(year, month + 1, 1)
    return marks


def _shortened(label: str, most: int = 40) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"
