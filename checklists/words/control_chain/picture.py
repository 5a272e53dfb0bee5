"""The control chain as a picture, in SVG attributes only; the same content stands beside it as tables.

Holders above what they hold, the contracting company at the bottom, its suppliers beside it. A company outside the
European Economic Area has a double, broken frame and its country in capitals: nothing is said by colour alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from checklists.core.control_chain import Chain, Entity, Link, Role, share
from checklists.core.control_chain.territories import in_economic_area
from checklists.words.control_chain.chain import company_names, country_name, hundredths, role_name

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _EDGE = 190, 78, 34, 76, 12
_INK, _ACCENT, _BAD = "#1f2a2e", "#14505c", "#9b1c1c"


def chain_picture(chain: Chain, day: date) -> SafeString:
    """The SVG of ``chain``; what its texts say is escaped."""
    places = _places(chain)
    names = company_names(chain)
    across = max((x for x, _y in places.values()), default=0) + 1
    down = max((y for _x, y in places.values()), default=0) + 1
    width = across * (_WIDTH + _GAP_X) - _GAP_X + 2 * _EDGE
    height = down * (_HEIGHT + _GAP_Y) - _GAP_Y + 2 * _EDGE
    # A row shorter than the longest is centred over it.
    lengths: defaultdict[float, float] = defaultdict(float)
    for x, y in places.values():
        lengths[y] = max(lengths[y], x + 1)
    corner = {
        company: (
            _EDGE + (x + (across - lengths[y]) / 2) * (_WIDTH + _GAP_X),
            _EDGE + (down - 1 - y) * (_HEIGHT + _GAP_Y),
        )
        for company, (x, y) in places.items()
    }
    lines = "".join(_line(link, corner) for link in chain.links if {link.holder, link.held} <= corner.keys())
    boxes = "".join(_box(entity, names[entity.id], corner[entity.id], day) for entity in chain.entities)
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="{escape(_("Control chain"))}" '
        f'font-family="Atkinson Hyperlegible" font-size="13" fill="{_INK}">{lines}{boxes}</svg>'
    )


def _places(chain: Chain) -> dict[str, tuple[int, int]]:
    """Column and level of each company: level 0 for the contracting one and the suppliers, holders one level up."""
    above: defaultdict[str, list[str]] = defaultdict(list)
    for link in chain.links:
        above[link.held].append(link.holder)
    known = {entity.id for entity in chain.entities}
    base = [e.id for e in chain.entities if e.role == Role.CONTRACTING]
    base += [e.id for e in chain.entities if e.role in (*_SUPPLIERS, "")]
    level = dict.fromkeys(base, 0)
    waiting = list(level)
    while waiting:
        held = waiting.pop(0)
        for holder in above[held]:
            if holder in known and holder not in level:
                level[holder] = level[held] + 1
                waiting.append(holder)
    for entity in chain.entities:
        level.setdefault(entity.id, 1)
    counts: defaultdict[int, int] = defaultdict(int)
    places = {}
    for company, height in level.items():
        places[company] = (counts[height], height)
        counts[height] += 1
    return places


_SUPPLIERS = (Role.OPERATOR, Role.SUBCONTRACTOR, Role.REMOTE_ADMINISTRATOR, Role.LICENSOR)


def _line(link: Link, corner: Mapping[str, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = corner[link.holder], corner[link.held]
    start = (x1 + _WIDTH / 2, y1 + _HEIGHT) if y1 < y2 else (x1 + _WIDTH / 2, y1)
    end = (x2 + _WIDTH / 2, y2) if y1 < y2 else (x2 + _WIDTH / 2, y2 + _HEIGHT)
    if y1 == y2:
        start, end = (x1 + _WIDTH / 2, y1 + _HEIGHT), (x2 + _WIDTH / 2 + 14, y2 + _HEIGHT)
    # The label stands nearer to the holder, where lines are apart.
    at = (start[0] + 0.35 * (end[0] - start[0]), start[1] + 0.35 * (end[1] - start[1]) + (14 if y1 == y2 else 0))
    words = escape(_label(link))
    broad = 7 * len(_label(link)) + 10
    return (
        f'<line x1="{start[0]:.0f}" y1="{start[1]:.0f}" x2="{end[0]:.0f}" y2="{end[1]:.0f}" stroke="{_ACCENT}" '
        f'stroke-width="1.6"/><circle cx="{end[0]:.0f}" cy="{end[1]:.0f}" r="4" fill="{_ACCENT}"/>'
        f'<rect x="{at[0] - broad / 2:.0f}" y="{at[1] - 11:.0f}" width="{broad}" height="21" rx="4" fill="#fff" '
        f'stroke="#ddd6cb"/><text x="{at[0]:.0f}" y="{at[1] + 4:.0f}" text-anchor="middle">{words}</text>'
    )


def _label(link: Link) -> str:
    figures = [share(link.capital), share(link.votes)]
    shown = [hundredths(figure) if figure is not None else "?" for figure in figures]
    words = shown[0] if figures[0] == figures[1] else " / ".join(shown)
    if link.has_rights:
        right = _("veto") if link.veto else _("appoints")
        words = f"{words} + {right}".removeprefix("? + ")
    return words


def _box(entity: Entity, name: str, corner: tuple[float, float], day: date) -> str:
    x, y = corner
    third = [country for country in entity.countries if not in_economic_area(country, day)]
    frame = f'stroke="{_BAD}" stroke-width="3" stroke-dasharray="7 3"' if third else f'stroke="{_ACCENT}"'
    fill = "#f1ede6" if entity.role == Role.CONTRACTING else "#fff"
    countries = " + ".join(country_name(country) for country in entity.countries) or _("country not known")
    countries = countries.upper() if third else countries
    rows = [(name, "bold", 22), (str(role_name(entity.role)), "normal", 42), (countries, "normal", 62)]
    texts = "".join(
        f'<text x="{x + _WIDTH / 2:.0f}" y="{y + down:.0f}" text-anchor="middle" font-weight="{weight}">'
        f"{escape(_shortened(words))}</text>"
        for words, weight, down in rows
    )
    box = f'<rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="{fill}" {frame}/>'
    return f"<g>{box}{texts}</g>"


def _shortened(words: str, most: int = 25) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
