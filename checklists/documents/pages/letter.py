"""The points of a letter to the regulator, in the order of the CNIL's observations of 8 October 2020.

The CNIL raised the keys, the jurisdiction, and a transition limited to the strictly necessary, actively used, with
a legal basis and guarantees; the alternatives were to be assessed in storage capacity and quality of service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.edition import Edition
from checklists.words.judging.presentation import AnswerLine

_POINTS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("The encryption keys"), ("encryption_at_rest", "key_holder", "provider_needs_cleartext")),
    (
        _("The jurisdiction the provider falls under"),
        ("ultimate_parent_country", "us_law_reach", "remote_access_from_third_country", "transfers", "transfer_tool"),
    ),
    (
        _("A transition limited to what is strictly necessary"),
        ("host_change_required", "transition_bounded", "transition_end", "transition_duration_justified"),
    ),
    (_("A transition actively used"), ("transition_active_steps", "exit_plan", "provider_dependency")),
    (
        _("The legal basis and the guarantees"),
        ("transition_legal_basis", "transition_guarantees", "new_data_suspended"),
    ),
    (_("The alternatives, in storage capacity and quality of service"), ("alternatives_assessed",)),
)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the letter: what is established, and the questions still open."""

    title: str | Promise
    facts: tuple[AnswerLine, ...]
    unsettled: tuple[AnswerLine, ...]


def points(edition: Edition, lines: Mapping[str, AnswerLine]) -> Iterator[Point]:
    """The points ``edition`` can speak of; ``lines`` are the questions asked, by key."""
    for title, keys in _POINTS:
        known = [lines[key] for key in keys if key in edition.questions and key in lines]
        facts = tuple(line for line in known if line.state in ("answered", "not_applicable"))
        unsettled = tuple(line for line in known if line not in facts)
        if known:
            yield Point(title, facts, unsettled)
