"""Fill in an offer from a provider's CAIQ: what it would do is told first; what it does is presumed till confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.facts import is_valid_value
from checklists.core.profiles.caiq import Rule
from checklists.models import Answer, Offer, User
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer

NAME = "CAIQ v4"


@dataclass(frozen=True, slots=True)
class CaiqProposal:
    """One claim against one offer. ``is_same``: that answer stands already; ``is_open``: none stands."""

    rule: Rule
    question: Question
    standing: Answer | None

    @property
    def is_same(self) -> bool:
        row = self.standing
        return row is not None and (row.status, row.value) == (Answer.Status.ANSWERED, self.rule.value)

    @property
    def is_open(self) -> bool:
        return self.standing is None or self.standing.status in (Answer.Status.UNANSWERED, Answer.Status.UNKNOWN)

    @property
    def revision(self) -> int:
        return self.standing.revision if self.standing else 0


def caiq_proposals(edition: Edition, rows: Mapping[str, Answer], claimed: Iterable[Rule]) -> list[CaiqProposal]:
    """The claims on questions, and with answers, that the edition of the assessment knows."""
    return [
        CaiqProposal(rule, question, rows.get(rule.question))
        for rule in claimed
        if (question := edition.questions.get(rule.question)) and is_valid_value(question, rule.value)
    ]


@transaction.atomic
def fill_from_caiq(
    offer: Offer, proposals: Sequence[CaiqProposal], chosen: Mapping[str, int], file: str, by: User
) -> tuple[int, list[str]]:
    """Fill in the questions of ``chosen``, each mapped to the revision that was seen, as presumed.

    Returns how many were filled in, and the questions left alone. Raises ``ContentIsLocked``.
    """
    filled, left = 0, []
    for proposal in proposals:
        key = proposal.question.key
        if key not in chosen or proposal.is_same:
            continue
        said = Said(
            Answer.Status.ANSWERED, proposal.rule.value, "", proposal.standing.comment if proposal.standing else ""
        )
        try:
            save_answer(
                assessment=offer.assessment,
                offer=offer,
                question=proposal.question,
                said=said,
                revision=chosen[key],
                by=by,
                from_profile=origin_of(proposal.rule, file),
            )
        except (AnswerIsStale, AnswerRefused):
            left.append(key)
        else:
            filled += 1
    return filled, left


def origin_of(rule: Rule, file: str) -> dict[str, Any]:
    """Where the answer comes from: the question of the CAIQ, and the file, in the form of a profile's fact."""
    return {
        "profile": None,
        "name": NAME,
        "variant": "default",
        "checked_on": timezone.localdate().isoformat(),
        "source_title": f"{rule.number}, {file}"[:200],
        "source_url": "",
        "source_kind": "vendor_page",
        "source_date": None,
    }
