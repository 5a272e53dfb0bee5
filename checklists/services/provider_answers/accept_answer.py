"""Accept one answer of a provider, or set it aside. An accepted one is presumed: a claim until somebody confirms it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from checklists.core.editions.edition import Question
from checklists.models import Answer, ProviderDecision, ProviderDocument, ProviderVersion, User
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.keep_evidence import Details, add_evidence
from checklists.services.evidence.receive_file import Received
from checklists.services.review.content_lock import refuse_if_closed


def can_be_accepted(said: dict[str, Any]) -> bool:
    """Only an answer in the question's own terms: a doubt, a "not applicable" or mere words stay words to read."""
    return said.get("status") == Answer.Status.ANSWERED and bool(said.get("value"))


def is_same(said: dict[str, Any], standing: Answer | None) -> bool:
    """Whether the offer's own answer says the same already."""
    return standing is not None and standing.status == said.get("status") and standing.value == said.get("value")


def said_by_provider(said: dict[str, Any], standing: Answer | None) -> Said:
    """What accepting would save: the provider's value; the comment that stands, the provider's where there is none."""
    comment = standing.comment if standing and standing.comment else said["comment"]
    return Said(Answer.Status.ANSWERED, said["value"], "", comment)


def accept_answer(
    version: ProviderVersion, question: Question, *, standing: Answer | None, revision: int, by: User
) -> Answer:
    """Save the provider's answer to ``question`` as presumed, with its documents as claims, by ``save_answer``.

    ``standing`` is the offer's answer, ``revision`` the one that ``by`` saw. Raises ``AnswerIsStale`` and
    ``AnswerRefused`` as ``save_answer``, ``FileRefused`` for a document, ``ContentIsLocked``; ``ValueError`` for what
    cannot be accepted. What already stands with the same value is left as it is: a claim would make it weaker.
    """
    said = version.answers.get(question.key) or {}
    if not can_be_accepted(said):
        raise ValueError(f"nothing to accept of {question.key}")
    offer = version.request.offer
    with transaction.atomic():
        refuse_if_closed(offer.assessment)
        if is_same(said, standing):
            _decide(version, question.key, ProviderDecision.Outcome.ACCEPTED, by)
            return standing  # type: ignore[return-value]
        row = save_answer(
            assessment=offer.assessment,
            offer=offer,
            question=question,
            said=said_by_provider(said, standing),
            revision=revision,
            by=by,
            from_profile=origin_of(version),
        )
        for document in documents_of(version, question.key):
            _keep_as_evidence(version, document, by)
        _decide(version, question.key, ProviderDecision.Outcome.ACCEPTED, by)
    return row


def set_aside(version: ProviderVersion, question: str, *, by: User) -> None:
    """Note that ``by`` read the answer and does not take it. Raises ``ContentIsLocked``."""
    refuse_if_closed(version.request.offer.assessment)
    _decide(version, question, ProviderDecision.Outcome.SET_ASIDE, by)


def origin_of(version: ProviderVersion) -> dict[str, Any]:
    """Where an accepted answer comes from, in the form of a profile's fact."""
    day = version.submitted_at.date().isoformat()
    return {
        "profile": None,
        "name": version.request.service,
        "checked_on": day,
        "source_title": str(version.number),
        "source_url": "",
        "source_date": day,
        "by_provider": True,
    }


def documents_of(version: ProviderVersion, question: str) -> list[ProviderDocument]:
    """The files sent with that answer of that version."""
    numbers = [told["id"] for told in (version.answers.get(question) or {}).get("documents", ())]
    return list(ProviderDocument.objects.filter(request=version.request_id, pk__in=numbers))


def _keep_as_evidence(version: ProviderVersion, document: ProviderDocument, by: User) -> None:
    """A copy of the file as evidence: a claim by the vendor until a member says that it shows more."""
    offer = version.request.offer
    contents = evidence_files.path_of(document.stored_as).read_bytes()
    add_evidence(
        assessment=offer.assessment,
        offer=offer,
        question=document.question,
        details=Details(
            "other", "claim", document.title, issuer=version.request.service, valid_until=document.valid_until
        ),
        received=Received(document.original_name, document.media_type, contents),
        by=by,
    )


def _decide(version: ProviderVersion, question: str, outcome: ProviderDecision.Outcome, by: User) -> None:
    ProviderDecision.objects.create(version=version, question=question, outcome=outcome, by=by)
