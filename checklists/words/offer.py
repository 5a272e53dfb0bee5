"""An offer read in one language: what pages, PDF, DOCX and previews tell of it, each part worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from checklists.core.changing.what_if import WhatIf
from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer
from checklists.core.judging.judgement import Judgement
from checklists.services.changing import find_changes
from checklists.services.day_format import date_format
from checklists.words.changing.sensitivity import NextLine, Sensitivity, present_next, present_sensitivity
from checklists.words.changing.smallest import ProspectLines, present_changes
from checklists.words.contents import Given, Lenses, core_answers
from checklists.words.frameworks import LensView, Link, present_lens
from checklists.words.judging.decision import Decision, decide
from checklists.words.judging.law import LawChapter, present_law
from checklists.words.judging.presentation import AnswerLine, Presentation, answer_lines, departures, present
from checklists.words.kinds import Face, faces_with_a_part


def no_link(key: str) -> str:
    """Where there is no page to go to."""
    return ""


@dataclass(frozen=True)
class OfferReading:
    """What is told of an offer, in the active language, wherever its answers come from.

    ``answers`` are those of the workload and of the offer, by question; ``judgement`` is what they are worth under
    ``edition``. ``today`` is the day seen from which the law is to come. ``lenses`` are the chosen frameworks'
    readings; ``link`` gives the address of a question, '' where there is none. Each part is worked out when it is
    first asked for: read them all in the same language.
    """

    edition: Edition
    answers: Mapping[str, Given]
    judgement: Judgement
    today: date
    lenses: Lenses | None = None
    link: Link = no_link

    @cached_property
    def core_answers(self) -> dict[str, Answer]:
        """The judge's form of the answers."""
        return core_answers(self.answers)

    @cached_property
    def values(self) -> dict[str, str]:
        """The values answered, by question."""
        return {key: given.value for key, given in self.answers.items()}

    @cached_property
    def what_if(self) -> WhatIf:
        return WhatIf(self.edition, self.core_answers, self.judgement.reference_date)

    @cached_property
    def verdict(self) -> Presentation:
        """The verdict, why, and what to do."""
        return present(self.edition, self.judgement)

    @cached_property
    def decision(self) -> Decision:
        """The sentence, the two harms, three reasons: what one decides on."""
        return decide(self.edition, self.judgement, self.what_if, self.answers)

    @cached_property
    def changes(self) -> tuple[ProspectLines, ...]:
        """The smallest changes that reach each better verdict."""
        prospects = find_changes(self.edition, self.core_answers, self.judgement.reference_date)
        return present_changes(self.edition, self.judgement, self.values, prospects)

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """What each answer weighs."""
        return present_sensitivity(self.edition, self.judgement, self.values, self.what_if)

    @cached_property
    def next_question(self) -> NextLine | None:
        """The open question that would settle most; ``None`` when there is none."""
        return present_next(self.edition, self.what_if)

    @cached_property
    def faces(self) -> list[Face]:
        """The kinds of question asked that have a part of their own on the page of the result."""
        return [face for _key, face in faces_with_a_part(self.edition)]

    @cached_property
    def parts(self) -> dict[str, Any]:
        """What the parts of those kinds are given, by the names their templates call it."""
        context: dict[str, Any] = {}
        for key, face in faces_with_a_part(self.edition):
            context |= face.context(self.edition, self.judgement, self.values.get(key, ""))
        return context

    @cached_property
    def drawings(self) -> dict[str, str]:
        """The drawings of those parts as SVG text, by name; '' for one with nothing to draw."""
        drawn: dict[str, str] = {}
        for key, face in faces_with_a_part(self.edition):
            drawn |= face.drawings(self.edition, self.judgement, self.values.get(key, ""))
        return drawn

    @cached_property
    def departures(self) -> list[AnswerLine]:
        """The answers that depart from what the control chain gives."""
        return departures(self.edition, self.judgement, self.answers)

    @cached_property
    def law(self) -> LawChapter:
        """The laws the answers rest on, and what the law to come would change."""
        return present_law(self.edition, self.core_answers, self.judgement, self.today)

    @cached_property
    def asked(self) -> dict[str, list[AnswerLine]]:
        """The answers to the questions of the edition that are asked, by concern."""
        return answer_lines(self.edition, self.judgement, self.answers, asked=True)

    @cached_property
    def not_asked(self) -> dict[str, list[AnswerLine]]:
        """The questions of the edition that are not asked, by concern."""
        return answer_lines(self.edition, self.judgement, self.answers, asked=False)

    @cached_property
    def presumed(self) -> int:
        """How many answers count as claims because a profile filled them in and nobody confirmed them."""
        states = self.judgement.states
        return sum(
            given.from_profile is not None and key in states and states[key].asked
            for key, given in self.answers.items()
        )

    @cached_property
    def lens_views(self) -> list[LensView]:
        """Every chosen framework's reading."""
        if self.lenses is None:
            return []
        day = self.judgement.reference_date
        return [
            present_lens(result, self.lenses.asked, self.lenses.established, self.answers, day, self.link)
            for result in self.lenses.results
        ]

    def told(self) -> dict[str, Any]:
        """What the result page and every form of the report are given, by the names their templates call it."""
        return {
            "edition": self.edition,
            "verdict": self.verdict,
            "changes": self.changes,
            "sensitivity": self.sensitivity,
            "departures": self.departures,
            "law": self.law,
            "presumed": self.presumed,
            **self.parts,
        }

    @cached_property
    def deadline(self) -> str:
        """By when, in a sentence: the end date given to a transition, or that none is. '' when nothing must end."""
        for duration in self.edition.durations:
            if not self.judgement.states[duration.to].asked:
                continue
            given = self.answers.get(duration.to)
            if given and given.status == "answered" and given.value:
                end = date_format(date.fromisoformat(given.value), "DATE_FORMAT")
                return _("By %(end)s, the end date given to the transition.") % {"end": end}
            return _("Leave this host within the time strictly necessary. No end date is set: choose one.")
        return ""
