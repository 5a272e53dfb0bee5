"""What a provider sent, question by question: what it says now, what it said before, what was decided of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checklists.models import ProviderDecision, ProviderDocument, ProviderRequest, ProviderVersion


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer of the last version. ``before`` is what the version before said, if it said something else.

    ``decision`` is the last one on this answer, of this version or of an earlier one that said the same.
    """

    question: str
    said: dict[str, Any]
    before: dict[str, Any] | None
    is_new: bool
    decision: ProviderDecision | None
    documents: list[ProviderDocument]


def sent_answers(asked: ProviderRequest) -> tuple[ProviderVersion | None, list[Sent]]:
    """The last version and each question asked, in order; a question without an answer has an empty ``said``.

    Three queries.
    """
    versions = list(asked.versions.prefetch_related("decisions__by"))
    if not versions:
        return None, []
    last, previous = versions[-1], versions[-2] if len(versions) > 1 else None
    documents = {str(document.pk): document for document in asked.documents.all()}
    found = []
    for key in asked.questions:
        said = last.answers.get(key) or {}
        before = (previous.answers.get(key) or {}) if previous else None
        changed = previous is not None and before != said
        found.append(
            Sent(
                question=key,
                said=said,
                before=before if changed and before else None,
                is_new=changed and not before,
                decision=_decision(versions, key, said),
                documents=[documents[told["id"]] for told in said.get("documents", ()) if told["id"] in documents],
            )
        )
    return last, found


def _decision(versions: list[ProviderVersion], key: str, said: dict[str, Any]) -> ProviderDecision | None:
    """The last decision on what stands sent: an answer that changed since is to be decided anew."""
    for version in reversed(versions):
        if (version.answers.get(key) or {}) != said:
            return None
        mine = [decision for decision in version.decisions.all() if decision.question == key]
        if mine:
            return mine[-1]
    return None


def undecided(asked: ProviderRequest) -> int:
    """How many answers of the last version wait for a decision."""
    return sum(bool(one.said) and one.decision is None for one in sent_answers(asked)[1])
