"""Whether a well-formed profile makes sense by itself: references, languages, dates, one answer a question.

A question or an answer that the newest edition does not know is no fault: the fact is kept, and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from checklists.packs.files.problems import Problem, gettext_noop
from checklists.packs.profiles.schema import DEFAULT, Fact, Profile

CHAIN_QUESTION = "control_chain"
"""Filled in from the chain of the profile, never by a fact."""


def check_profile(profile: Profile) -> list[Problem]:
    """Every problem of ``profile``; an empty list means it can be kept."""
    problems = [*_duplicates(profile), *_languages(profile), *_dates(profile, ""), *_references(profile)]
    return [*problems, *_variants(profile), *_facts(profile), *_chain(profile)]


def _duplicates(profile: Profile) -> Iterator[Problem]:
    families: dict[str, list[str]] = {
        "variants": [variant.key for variant in profile.variants],
        "sources": [source.key for source in profile.sources],
    }
    if profile.chain:
        families["chain/companies"] = [company.id for company in profile.chain.companies]
    for name, keys in families.items():
        for key, count in Counter(keys).items():
            if count > 1:
                message = gettext_noop("the key '%(key)s' is used %(count)s times", key=key, count=count)
                yield Problem(f"{name}/{key}", message, gettext_noop("Give each its own key."))


def _languages(profile: Profile) -> Iterator[Problem]:
    wanted = set(profile.languages)
    for place, text in _texts(profile, ""):
        for language in sorted(wanted - text.keys()):
            message = gettext_noop("the text has no '%(language)s'", language=language)
            remedy = gettext_noop("Write it in %(languages)s.", languages=", ".join(profile.languages))
            yield Problem(place, message, remedy)
        for language in sorted(text.keys() - wanted):
            message = gettext_noop("the language '%(language)s' is not one of the file’s", language=language)
            remedy = gettext_noop("Add it to 'languages' and translate every text, or remove it.")
            yield Problem(place, message, remedy)


def _parts(part: BaseModel, place: str) -> Iterator[tuple[str, str, Any]]:
    """Each field of ``part`` and of what it holds: the place, the field's name, the value."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        here = f"{place}/{name}".lstrip("/")
        if isinstance(value, BaseModel):
            yield from _parts(value, here)
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            for index, item in enumerate(value):
                yield from _parts(item, f"{here}/{getattr(item, 'key', index)}")
        else:
            yield here, name, value


def _texts(part: BaseModel, place: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield from ((here, value) for here, _name, value in _parts(part, place) if isinstance(value, dict))


_DAYS = frozenset({"date", "read_on", "valid_from", "valid_until", "review_by", "dated"})


def _dates(part: BaseModel, place: str) -> Iterator[Problem]:
    for here, name, value in _parts(part, place):
        if name in _DAYS and value and not _is_a_day(value):
            message = gettext_noop("'%(day)s' is no day of the calendar", day=value)
            yield Problem(here, message, gettext_noop("Write year-month-day, for example 2026-12-31."))


def _is_a_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _references(profile: Profile) -> Iterator[Problem]:
    known = {source.key for source in profile.sources}
    for here, name, value in _parts(profile, ""):
        if name not in ("sources", "see_also") or not isinstance(value, list):
            continue
        for key in value:
            if isinstance(key, str) and key not in known:
                message = gettext_noop("there is no source '%(key)s' in this profile", key=key)
                yield Problem(here, message, gettext_noop("Add it to 'sources', or correct the key."))


def _variants(profile: Profile) -> Iterator[Problem]:
    if profile.variants[0].key != DEFAULT:
        message = gettext_noop("the first variant is not '%(key)s'", key=DEFAULT)
        yield Problem("variants", message, gettext_noop("Begin with it: what the service is when nothing is chosen."))
    known = {variant.key for variant in profile.variants}
    for index, fact in enumerate(profile.facts):
        if fact.variant is not None and fact.variant not in known:
            message = gettext_noop("there is no variant '%(key)s' in this profile", key=fact.variant)
            yield Problem(f"facts/{index}", message, gettext_noop("Add it to 'variants', or correct the key."))


def _facts(profile: Profile) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], int] = {}
    for index, fact in enumerate(profile.facts):
        place = f"facts/{index}"
        if fact.value is None and fact.topic is None:
            message = gettext_noop("a fact without an answer says what it is about")
            yield Problem(place, message, gettext_noop("Add 'topic', or 'question' and 'value'."))
        if fact.value is not None and fact.question is None:
            message = gettext_noop("the answer '%(value)s' answers no question", value=fact.value)
            yield Problem(place, message, gettext_noop("Add 'question', or take the answer out."))
        if fact.question == CHAIN_QUESTION and fact.value is not None:
            message = gettext_noop("the control chain is no single answer")
            yield Problem(place, message, gettext_noop("Write it under 'chain'."))
        if fact.value is not None and fact.question is not None:
            answered = (fact.variant or DEFAULT, fact.framework or "", fact.question)
            if answered in seen:
                message = gettext_noop("'%(key)s' is answered twice for this variant", key=fact.question)
                remedy = gettext_noop("Keep one, and say the other under 'contested'; the first is fact %(first)s.",
                                      first=seen[answered])  # fmt: skip
                yield Problem(place, message, remedy)
            seen.setdefault(answered, index)
        yield from _order(fact, profile, place)


def _order(fact: Fact, profile: Profile, place: str) -> Iterator[Problem]:
    if fact.valid_from and fact.valid_until and fact.valid_until < fact.valid_from:
        message = gettext_noop("it ends before it begins")
        yield Problem(f"{place}/valid_until", message, gettext_noop("Correct one of the two days."))
    read, dated = fact.read_on or profile.read_on, {source.key: source.date for source in profile.sources}
    for key in fact.sources:
        day = dated.get(key)
        if day and day > read:
            message = gettext_noop("the source '%(key)s' is dated after the day it was read", key=key)
            yield Problem(f"{place}/sources", message, gettext_noop("Correct 'read_on' or the date of the source."))


def _chain(profile: Profile) -> Iterator[Problem]:
    if profile.chain is None:
        return
    known = {company.id for company in profile.chain.companies}
    for index, holding in enumerate(profile.chain.holdings):
        for name, letter in (("holder", holding.holder), ("held", holding.held)):
            if letter not in known:
                message = gettext_noop("there is no company '%(letter)s' in the chain", letter=letter)
                remedy = gettext_noop("Add it to 'companies', or correct the letter.")
                yield Problem(f"chain/holdings/{index}/{name}", message, remedy)
        if holding.holder == holding.held:
            message = gettext_noop("a company cannot hold itself")
            yield Problem(f"chain/holdings/{index}", message, gettext_noop("Correct one of the two letters."))
        for name, share in (("capital", holding.capital), ("votes", holding.votes)):
            if share and float(share) > 100:
                message = gettext_noop("a share cannot exceed 100 %%", share=share)
                yield Problem(f"chain/holdings/{index}/{name}", message, gettext_noop("Correct the share."))
