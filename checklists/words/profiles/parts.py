"""The parts of a provider profile other than its facts, in words: its chain, its variants, who contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from checklists.core.editions.edition import Question
from checklists.core.profiles.facts import DEFAULT
from checklists.models import ProfileFact, ProviderProfile
from checklists.services.frameworks.publish_framework import available_frameworks, load_framework
from checklists.services.profiles.fill_from_profile import ELSEWHERE, contracting_of
from checklists.words.control_chain.chain import country_name, role_name
from checklists.words.profiles.facts import FactLine, SourceLine, facts_in_order, question_line, source_line
from checklists.words.vocabulary import listed, percent_sign, pick


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """A company of a profile's chain, with who holds it."""

    name: str
    country: str
    role: str
    holders: tuple[str, ...]
    sources: tuple[SourceLine, ...]


def company_lines(profile: ProviderProfile) -> list[CompanyLine]:
    """The companies of the chain of ``profile``, in its order, each with what is known of its holders."""
    chain = profile.chain or {}
    table = {source["key"]: source for source in profile.sources}
    names = {company["id"]: company["name"] for company in chain.get("companies", ())}
    return [
        CompanyLine(
            name=company["name"],
            country=_country(company.get("country", "")),
            role=str(role_name(company["role"])),
            holders=tuple(
                _holding_words(holding, names)
                for holding in chain.get("holdings", ())
                if holding["held"] == company["id"]
            ),
            sources=tuple(source_line(table[key]) for key in company["sources"]),
        )
        for company in chain.get("companies", ())
    ]


def _country(code: str) -> str:
    return country_name(code) if code else _("country not known")


def _percent(share: str) -> str:
    return percent_sign(str(localize(Decimal(share))))


def _holding_words(holding: Mapping[str, Any], names: Mapping[str, str]) -> str:
    holder = names.get(holding["holder"], holding["holder"])
    shares = []
    if holding.get("capital"):
        shares.append(_("%(share)s of the capital") % {"share": _percent(holding["capital"])})
    if holding.get("votes"):
        shares.append(_("%(share)s of the votes") % {"share": _percent(holding["votes"])})
    if holding.get("veto"):
        shares.append(_("a veto"))
    if holding.get("appoints"):
        shares.append(_("appoints the majority of its bodies"))
    told = ", ".join(shares) if shares else _("share not known")
    return _("%(holder)s: %(share)s") % {"holder": holder, "share": told}


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One company that contracts, by the customer's country: what a form sends, and what is shown."""

    value: str
    words: str
    is_chosen: bool = False


def customer_lines(profile: ProviderProfile, chosen: str = "") -> list[CustomerLine]:
    """For a profile whose contracting company depends on the customer's country; empty for the others."""
    standing = contracting_of(profile, chosen)
    return [
        CustomerLine(
            value=(item["customers"] or [ELSEWHERE])[0],
            words=_("%(where)s: %(company)s, %(country)s")
            % {
                "where": listed(map(_country, item["customers"])) or _("Other countries"),
                "company": item["name"],
                "country": _country(item["country"]),
            },
            is_chosen=item == standing,
        )
        for item in profile.contracting
    ]


@dataclass(frozen=True, slots=True)
class VariantLine:
    key: str
    label: str
    is_chosen: bool = False


def variant_lines(profile: ProviderProfile, chosen: str = DEFAULT) -> list[VariantLine]:
    """The variants of a profile; empty when it has but one."""
    if len(profile.variants) < 2:
        return []
    return [VariantLine(item["key"], pick(item["label"]), item["key"] == chosen) for item in profile.variants]


def variant_label(profile: ProviderProfile, key: str) -> str:
    """What a variant is called; '' for the only one of its profile."""
    return next((line.label for line in variant_lines(profile) if line.key == key), "")


def with_variant(line: FactLine, fact: ProfileFact, profile: ProviderProfile) -> FactLine:
    """``line`` with the variant it is true of, where the profile has several."""
    return replace(line, variant=variant_label(profile, fact.variant) if fact.variant != DEFAULT else "")


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one concern of a checklist; or of a framework's own questions; or about no question."""

    title: str
    lines: list[FactLine]


def fact_groups(profile: ProviderProfile, today: date) -> list[FactGroup]:
    """Every fact of ``profile``, by concern in the order of its checklist. Two queries more with frameworks."""
    pairs = facts_in_order(profile)
    own = _framework_questions({(fact.framework, fact.checklist) for fact, _edition in pairs if fact.framework})
    groups: dict[str, list[FactLine]] = {}
    for fact, edition in pairs:
        asked = edition.questions.get(fact.question) if edition else None
        if asked and edition:
            title = pick(edition.concerns[asked.concern].title)
        elif fact.framework:
            asked, title = own.get(fact.question), _("Questions of external frameworks")
        else:
            title = _("Other facts")
        line = question_line(fact, asked, today)
        if not fact.value:
            line = replace(line, question=pick(fact.topic), fault="")
        groups.setdefault(title, []).append(with_variant(line, fact, profile))
    return [FactGroup(title, lines) for title, lines in groups.items()]


def _framework_questions(named: set[tuple[str, str]]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for checklist in {checklist for _key, checklist in named}:
        for row in available_frameworks(checklist):
            if (row.key, checklist) in named:
                found |= load_framework(row.sha256).questions
    return found
