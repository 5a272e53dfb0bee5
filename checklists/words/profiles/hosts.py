"""Who could host a workload, in words: the band each service could reach, what to ask of it, what is not counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.editions.edition import Edition
from checklists.core.kinds import kind_of
from checklists.core.plain_text import plain
from checklists.core.profiles.facts import is_adverse
from checklists.core.profiles.shortlist import Reach
from checklists.models import ProviderProfile
from checklists.services.profiles.shortlist import QUALIFICATIONS, Host, Shown
from checklists.words.capacity import gap_sentence
from checklists.words.control_chain.chain import country_name
from checklists.words.judging.presentation import Step, step, value_text
from checklists.words.profiles.facts import BARS
from checklists.words.profiles.parts import variant_label
from checklists.words.vocabulary import listed, pick

REACHES = {
    Reach.MET: gettext_lazy("Meets the minimum, whatever stays open"),
    Reach.IF_CONFIRMED: gettext_lazy("Meets the minimum once its facts are confirmed"),
    Reach.POSSIBLE: gettext_lazy("Could meet the minimum: open questions decide"),
    Reach.IMPOSSIBLE: gettext_lazy("Cannot meet the minimum, as far as is known"),
}
NAMES = {"secnumcloud": gettext_lazy("SecNumCloud qualified"), "hds": gettext_lazy("Certified for health data")}
KEYS = gettext_lazy("Keys outside the provider")


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A fact that is told and counts for nothing: the question, the answer, why. ``is_adverse``: it speaks against."""

    question: str
    answer: str
    why: str
    is_adverse: bool


@dataclass(frozen=True, slots=True)
class HostLine:
    """One way to use a service, against the workload."""

    profile: ProviderProfile
    variant: str
    name: str
    worst: Step
    best: Step
    reach: str
    reach_words: str
    known: int
    to_ask: tuple[str, ...]
    to_confirm: tuple[str, ...]
    not_counted: tuple[NotCounted, ...]
    unmet: tuple[str, ...]
    tags: tuple[str, ...]


def host_lines(hosts: Iterable[Host], edition: Edition) -> list[HostLine]:
    """The services in the order given."""
    return [_line(host, edition) for host in hosts]


def host_name(profile: ProviderProfile, variant: str) -> str:
    """What a way to use a service is called: the service, and the variant where there are several."""
    return " – ".join(filter(None, [profile.service, variant_label(profile, variant)]))


def _line(host: Host, edition: Edition) -> HostLine:
    prospect = host.prospect
    tags = [str(NAMES[name]) for name in QUALIFICATIONS if name in host.qualifications]
    return HostLine(
        profile=host.profile,
        variant=host.variant,
        name=f"{host.profile.provider} – {host_name(host.profile, host.variant)}",
        worst=step(prospect.verdict.worst),
        best=step(prospect.verdict.best),
        reach=prospect.reach.value,
        reach_words=str(REACHES[prospect.reach]),
        known=len(host.known),
        to_ask=_titles(edition, prospect.to_ask),
        to_confirm=_titles(edition, prospect.to_confirm),
        not_counted=tuple(_not_counted(shown, edition) for shown in host.shown),
        unmet=tuple(gap_sentence(gap) for gap in host.gaps),
        tags=(*tags, *([str(KEYS)] if host.has_keys_outside else []), *_country_tag(host)),
    )


def _country_tag(host: Host) -> list[str]:
    return [_("Contract: %(country)s") % {"country": country_name(host.country)}] if host.country else []


def _titles(edition: Edition, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(pick(edition.questions[key].text) for key in keys)


def _not_counted(shown: Shown, edition: Edition) -> NotCounted:
    question = edition.questions[shown.fact.question]
    known = shown.fact.value in question.options or not kind_of(question.kind).has_options
    return NotCounted(
        question=pick(question.text),
        answer=value_text(question, shown.fact.value) if known else shown.fact.value,
        why=listed(str(BARS[bar]) for bar in shown.use.bars),
        is_adverse=is_adverse(question, shown.fact.value),
    )


@dataclass(frozen=True, slots=True)
class CountryLine:
    code: str
    name: str
    is_chosen: bool


def country_lines(hosts: Iterable[Host], chosen: str) -> list[CountryLine]:
    """The countries of the contracting companies that are known, by name."""
    codes = {host.country for host in hosts if host.country}
    return sorted(
        (CountryLine(code, country_name(code), code == chosen) for code in codes), key=lambda one: plain(one.name)
    )


def counts(hosts: Iterable[Host]) -> list[tuple[str, int]]:
    """How many ways stand where, for a sentence above the list."""
    found = Counter(host.prospect.reach for host in hosts)
    return [(str(REACHES[reach]), found[reach]) for reach in Reach if found[reach]]
