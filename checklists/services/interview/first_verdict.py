"""A first verdict without an account: answers that no row holds, until they are kept as an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds import kind_of
from checklists.models import Answer, Offer, Organisation, User
from checklists.models import Edition as EditionRow
from checklists.services.answers.save_answer import AnswerRefused, Said, check_said, save_answer
from checklists.services.assessments.keep_assessment import add_offer, create_assessment
from checklists.services.editions.publish_edition import load_edition
from checklists.services.judging.judge_offer import core_answers

MAX_REASON = 300
"""Characters of a reason why a question does not apply: the session holds every answer, and stays small."""


@dataclass
class FirstVerdict:
    """What somebody without an account answered: at most one short answer a question of the edition."""

    edition: str
    day: date
    said: dict[str, Said] = field(default_factory=dict)

    @classmethod
    def from_session(cls, kept: Any) -> FirstVerdict | None:
        """What a session kept; ``None`` for nothing, or for something unreadable."""
        try:
            said = {str(key): Said(*map(str, parts)) for key, parts in kept["said"].items()}
            return cls(str(kept["edition"]), date.fromisoformat(kept["day"]), said)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def to_session(self) -> dict[str, Any]:
        said = {key: [each.status, each.value, each.justification] for key, each in self.said.items()}
        return {"edition": self.edition, "day": self.day.isoformat(), "said": said}

    def answer(self, question: Question, said: Said) -> None:
        """Raises ``AnswerRefused`` when ``said`` is no answer to ``question``, or is too long to be kept here."""
        if kind_of(question.kind).is_table:
            raise AnswerRefused({"answer": _("This table is filled in once the verdict is kept as an assessment.")})
        check_said(question, said)
        if len(said.justification) > MAX_REASON:
            raise AnswerRefused({"justification": _("Write the reason in %(n)d characters.") % {"n": MAX_REASON}})
        value = said.value if said.status == Answer.Status.ANSWERED else ""
        self.said[question.key] = Said(said.status, value, said.justification.strip())

    def rows(self) -> dict[str, Answer]:
        """The answers as rows that are stored nowhere."""
        return {
            key: Answer(
                question=key, status=said.status, value=said.value, justification=said.justification, revision=0
            )
            for key, said in self.said.items()
        }

    def core_answers(self) -> Mapping[str, Any]:
        return core_answers(self.rows().values())


@transaction.atomic
def keep_first_verdict(first: FirstVerdict, organisation: Organisation, by: User, *, name: str, offer: str) -> Offer:
    """An assessment of ``organisation`` with the answers of ``first``, on the edition that they answered."""
    row = EditionRow.objects.defer("document").get(sha256=first.edition)
    edition: Edition = load_edition(first.edition)
    assessment = create_assessment(organisation=organisation, edition=row, name=name, reference_date=first.day, by=by)
    kept = add_offer(assessment, name=offer)
    for key, said in first.said.items():
        question = edition.questions[key]
        place = kept if question.scope == "offer" else None
        save_answer(assessment=assessment, offer=place, question=question, said=said, revision=0, by=by)
    return kept
