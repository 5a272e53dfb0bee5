"""A day as people type it, in French or English, read day first; what is not surely one day is not read."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import category

from checklists.core.plain_text import plain

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "janvier january janv jan",
            "fevrier february fevr fev feb",
            "mars march mar",
            "avril april avr apr",
            "mai may",
            "juin june jun",
            "juillet july juil jul",
            "aout august aou aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "decembre december dec",
        ),
        start=1,
    )
    for word in words.split()
}
_WEEKDAY = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)"
    r"\b[.,]? *)?(?:le |the )?"
)
_DAY = r"(?P<d>\d{1,2})(?: ?(?:er|st|nd|rd|th)\b)?"
_WORD = r"(?P<word>[a-z]{3,9})\.?"
_YEAR = r"(?P<y>\d{4}|\d{2})"
_BETWEEN = r"(?: ?[-/., ] ?)"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"(?P<d>\d{{1,2}}){_BETWEEN}(?P<m>\d{{1,2}}){_BETWEEN}{_YEAR}\.?",
        rf"(?P<y>\d{{4}}){_BETWEEN}(?P<m>\d{{1,2}}){_BETWEEN}(?P<d>\d{{1,2}})\.?",
        r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>(?:19|2[01])\d\d)",
        r"(?P<y>(?:19|2[01])\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d\d)",
        rf"{_DAY}(?: of|{_BETWEEN})? ?{_WORD}{_BETWEEN}? ?{_YEAR}",
        rf"{_WORD}{_BETWEEN}? ?{_DAY}(?:, ?| ){_YEAR}",
    )
)
_LONGEST = 60
_CENTURY_TURNS = 69
"""Years of two digits from here on are of the 1900s, as in POSIX."""


def read_day(typed: str) -> date | None:
    """The day in ``typed``: 31/12/2026, 31-12-26, 31 12 2026, 31122026, 311226, 2026-12-31, 31 décembre 2026…

    Digits of any script are read; ``None`` for what is no day of the calendar.
    """
    if len(typed) > _LONGEST:
        return None
    text = _levelled(typed)
    for shape in _SHAPES:
        found = re.fullmatch(_WEEKDAY + shape.pattern, text)
        if found and (day := _day_of(found.groupdict())):
            return day
    return None


def _levelled(typed: str) -> str:
    """``typed`` in small letters without accents, with ASCII digits and dashes, and no invisible characters."""
    seen = "".join(" " if category(char) == "Zs" else char for char in typed if category(char) != "Cf")
    seen = re.sub("[年月]", "-", seen).rstrip("日 ")
    seen = "".join("-" if category(char) == "Pd" or char in "\u2212\u2044\u2215" else char for char in seen)
    return "".join(str(int(char)) if category(char) == "Nd" else char for char in plain(seen))


def _day_of(parts: dict[str, str | None]) -> date | None:
    month = _MONTHS.get(parts["word"] or "", 0) if "word" in parts else int(parts["m"] or 0)
    year = int(parts["y"] or 0)
    if len(parts["y"] or "") == 2:
        year += 1900 if year >= _CENTURY_TURNS else 2000
    try:
        return date(year, month, int(parts["d"] or 0))
    except ValueError:
        return None
