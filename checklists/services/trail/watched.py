"""What the trail watches: one line a model. A model missing here leaves no trace (a test says which)."""

from __future__ import annotations

from typing import Any

from checklists.models import (
    AnswerChange,
    AnswerConfirmation,
    ApiToken,
    Assessment,
    Assignment,
    Branding,
    CaseOfChecklist,
    ChecklistChoice,
    ChecklistOwner,
    Comment,
    Discussion,
    Edition,
    Evidence,
    Framework,
    FrameworkChoice,
    Guest,
    Invitation,
    Membership,
    Need,
    Offer,
    OfferAction,
    Organisation,
    PlanStep,
    ProfileFact,
    ProviderDecision,
    ProviderDocument,
    ProviderProfile,
    ProviderRequest,
    ProviderVersion,
    Provision,
    Report,
    ReviewAct,
    ReviewDecision,
    TransitionPlan,
    Webhook,
    Withdrawal,
)
from checklists.services.trail.record import text_fingerprint, watch


def connect() -> None:
    watch(Organisation, organisation="pk", values=("bin_after", "delete_after", "reassess_after", "review_takes_two"),
          texts=("name",))  # fmt: skip
    watch(Membership, organisation="organisation_id", values=("role",), about={"person": "user_id"})
    watch(Guest, organisation="assessment.organisation_id", label="assessment.name", values=("until",),
          about={"person": "user_id"})  # fmt: skip
    # Not even a fingerprint of the address: one guesses an address, and the fingerprint confirms it.
    watch(Invitation, organisation="organisation_id", values=("role", "guest_until", "accepted_at", "withdrawn_at"))
    watch(Assessment, organisation="organisation_id", label="name", values=("name", "reference_date", "binned_at",
          "edition", "held_to_evidence", "reassess_by"), texts=("description",))  # fmt: skip
    watch(Offer, organisation="assessment.organisation_id", label="name", values=("name", "provider", "is_current"),
          about={"assessment": "assessment_id"})  # fmt: skip
    watch(TransitionPlan, organisation="offer.assessment.organisation_id", label="offer.name", values=("starts_on",
          "asked_end", "target"), texts=("justification", "legal_basis", *TransitionPlan.GUARANTEES))  # fmt: skip
    watch(PlanStep, organisation="plan.offer.assessment.organisation_id", label="title", values=("title", "low",
          "likely", "high", "after", "state", "started_on", "finished_on"), texts=("owner",))  # fmt: skip
    watch(Webhook, organisation="organisation_id", values=("events", "disabled_at"))
    watch(ApiToken, organisation="organisation_id", values=("name", "hint", "scopes", "expires_at", "revoked_at"),
          about={"person": "user_id"})  # fmt: skip
    watch(Withdrawal, word="withdrawal", organisation="", label="checklist", values=("checklist",), added_as="given")
    watch(ChecklistOwner, organisation="organisation_id", label="checklist", values=("checklist", "is_for_all"))
    watch(ChecklistChoice, word="checklist", organisation="organisation_id", label="checklist",
          values=("checklist", "is_default"), added_as="chosen")  # fmt: skip
    watch(CaseOfChecklist, word="case", organisation="", label="key", values=("checklist", "key", "is_removed"),
          texts=("body",))  # fmt: skip
    watch(Branding, organisation="organisation_id", texts=("address", "logo"))
    quantities = ("storage_now", "storage_later", "cpu", "gpu", "availability", "support", "services", "certifications")
    watch(Need, organisation="assessment.organisation_id", label="assessment.name", values=quantities, texts=("note",))
    watch(Provision, organisation="offer.assessment.organisation_id", label="offer.name", values=quantities,
          texts=("note",))  # fmt: skip
    watch(AnswerChange, word="answer", organisation="answer.assessment.organisation_id", label="answer.assessment.name",
          about={"question": "answer.question", "offer": _offer_name, "changes": answer_changes,
                 "edition": "answer.assessment.edition.sha256"},
          added_as="changed", only_added=True)  # fmt: skip
    watch(Evidence, organisation="answer.assessment.organisation_id", label="title",
          values=("kind", "strength", "title", "issuer", "issued_on", "valid_from", "valid_until", "sha256",
                  "removed_at"),
          texts=("link", "note"), about={"question": "answer.question", "offer": _evidence_offer,
                 "edition": "answer.assessment.edition.sha256"})  # fmt: skip
    watch(AnswerConfirmation, word="confirmation", organisation="answer.assessment.organisation_id",
          label="answer.assessment.name", about={"question": "answer.question", "edition": "move.to_edition.sha256"},
          added_as="given", only_added=True)  # fmt: skip
    watch(Report, word="report", organisation="offer.assessment.organisation_id", label="offer.name",
          values=("code", "language", "form", "content_sha256"), added_as="issued", only_added=True)  # fmt: skip
    watch(ReviewAct, organisation="assessment.organisation_id", label="assessment.name",
          values=("kind", "round", "unanswered", "eyes", "content_sha256"), texts=("text",),
          added_as="recorded", only_added=True)  # fmt: skip
    watch(ReviewDecision, organisation="submission.assessment.organisation_id",
          label="submission.assessment.name", values=("is_accepted", "concern", "questions", "carried_from"),
          texts=("remark",), about={"offer": _name_of_offer})  # fmt: skip
    watch(FrameworkChoice, word="framework", organisation="assessment.organisation_id", label="assessment.name",
          values=("minimums",), about={"framework": _framework_key}, added_as="chosen")  # fmt: skip
    watch(ProviderProfile, organisation="", label="service", values=("provider", "service", "is_withdrawn"),
          texts=("note", "scope", "variants", "contracting", "chain", "not_known", "reply"))  # fmt: skip
    watch(ProfileFact, organisation="", label="profile.service", values=("checklist", "question", "value",
          "variant", "source_kind", "source_title", "source_url", "source_date", "checked_on", "valid_from",
          "valid_until", "review_by"), texts=("text", "contested", "inferred"))  # fmt: skip
    # Not even a fingerprint of the address, as for an invitation.
    watch(ProviderRequest, organisation="offer.assessment.organisation_id", label="service", values=("questions",
          "language", "expires_at", "revoked_at", "reminded_at"), texts=("message",), about={"offer": "offer.name"},
          added_as="asked")  # fmt: skip
    watch(ProviderVersion, organisation="request.offer.assessment.organisation_id", label="request.service",
          values=("number",), added_as="received", only_added=True)  # fmt: skip
    watch(ProviderDocument, organisation="request.offer.assessment.organisation_id", label="title",
          values=("sha256", "size", "removed_at"), about={"question": "question",
          "edition": "request.offer.assessment.edition.sha256"}, only_added=False)  # fmt: skip
    watch(ProviderDecision, organisation="version.request.offer.assessment.organisation_id",
          label="version.request.service", values=("outcome",), about={"question": "question",
          "edition": "version.request.offer.assessment.edition.sha256"}, added_as="recorded",
          only_added=True)  # fmt: skip
    watch(Assignment, organisation="assessment.organisation_id", label="assessment.name", values=("assignee", "due"),
          about={"person": "assignee_id", "concern": "concern", "offer": _name_of_offer,
                 "edition": "assessment.edition.sha256"}, added_as="given")  # fmt: skip
    watch(OfferAction, word="action", organisation="offer.assessment.organisation_id", label="offer.name",
          values=("key", "owner", "due", "state"), texts=("note",), about={"person": "owner_id"},
          added_as="undertaken")  # fmt: skip
    watch(Discussion, organisation="assessment.organisation_id", label="assessment.name", values=("resolved_at",),
          about={"question": "question", "offer": _name_of_offer, "edition": "assessment.edition.sha256"},
          added_as="opened")  # fmt: skip
    watch(Comment, organisation="discussion.assessment.organisation_id", label="discussion.assessment.name",
          values=("deleted_at",), texts=("text",), about={"question": "discussion.question",
          "edition": "discussion.assessment.edition.sha256"}, added_as="written")  # fmt: skip
    watch(Framework, word="publication", organisation="", label="key", values=("number", "sha256"),
          only_added=True)  # fmt: skip
    watch(Edition, organisation="", label="checklist", values=("number", "sha256"), only_added=True)


def _framework_key(choice: FrameworkChoice) -> str:
    return choice.framework.key


def _name_of_offer(row: Assignment | Discussion | ReviewDecision) -> str:
    try:
        return row.offer.name if row.offer else ""
    except Offer.DoesNotExist:  # Deleted with its assessment a moment before.
        return ""


def _offer_name(change: AnswerChange) -> str:
    return change.answer.offer.name if change.answer.offer else ""


def _evidence_offer(evidence: Evidence) -> str:
    """Looked up: when a whole assessment is deleted, its offers may be gone before their evidence."""
    offer = evidence.answer.offer_id
    return (offer and Offer.objects.filter(pk=offer).values_list("name", flat=True).first()) or ""


def answer_changes(change: AnswerChange) -> dict[str, list[Any]]:
    before, after = change.before or {}, change.after
    changes = {name: [before.get(name), after[name]] for name in ("status", "value")}
    if before.get("is_presumed") or after.get("is_presumed"):
        changes["is_presumed"] = [bool(before.get("is_presumed")), bool(after.get("is_presumed"))]
    changes |= {
        name: [text_fingerprint(before.get(name)), text_fingerprint(after[name])]
        for name in ("justification", "comment")
    }
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1] and any(pair)}
