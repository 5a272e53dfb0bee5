"""Which countries are in the Union and in the European Economic Area on a date.

Three circles, never confused:

* the Union counts for holdings: chapter 19.6.b of SecNumCloud 3.2 speaks of entities outside the European Union;
* the European Economic Area counts for the reach of a third country's law: the GDPR applies in all of it (EEA Joint
  Committee Decision 154/2018), and "third country" in its chapter V means a country outside it;
* adequate countries (GDPR, Art. 45) count for transfers only. An adequacy decision does not take away the power of
  that country's authorities over its companies: for reach they are third countries like any other.
"""

from __future__ import annotations

from datetime import date

_EARLY_MEMBERS = frozenset(
    {"AT", "BE", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "SE", "SI", "SK"}
)
"""Members since before 2005; no assessment reaches further back."""
_JOINED = {"BG": date(2007, 1, 1), "RO": date(2007, 1, 1), "HR": date(2013, 7, 1)}
_UK_LEFT = date(2020, 2, 1)
"""The United Kingdom's first day out (Withdrawal Agreement, Art. 126)."""
_UK_THIRD = date(2021, 1, 1)
"""The first day when Union law no longer applied there (Withdrawal Agreement, Art. 127)."""
_TERRITORIES = {"AX": "FI", "GF": "FR", "GP": "FR", "MF": "FR", "MQ": "FR", "RE": "FR", "YT": "FR"}
"""Parts of a member State with a country code of their own where the Treaties apply (TFEU, Art. 355(1) and (4))."""
_EFTA_IN_EEA = frozenset({"IS", "LI", "NO"})


def in_union(country: str, day: date) -> bool:
    """Whether ``country`` (ISO 3166-1 alpha-2) is a member State, or a part of one, on ``day``."""
    country = _TERRITORIES.get(country, country)
    if country == "GB":
        return day < _UK_LEFT
    return country in _EARLY_MEMBERS or (country in _JOINED and _JOINED[country] <= day)


def in_economic_area(country: str, day: date) -> bool:
    """Whether the GDPR's space without third countries covers ``country`` on ``day``."""
    return in_union(country, day) or country in _EFTA_IN_EEA or (country == "GB" and day < _UK_THIRD)
