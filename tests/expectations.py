"""The access matrix: one row per address name. What each role may send, and what everybody else gets.

A row is ``Row(action, methods)``: the action of ``checklists.core.people.permissions`` that the address asks for and
the methods it takes. In the organisation that owns the object, roles with that action pass and the others get 404;
people of another organisation get 404; whoever is not signed in is asked to sign in. ``PUBLIC`` addresses open to
everybody, ``SIGNED_IN`` ones to everybody signed in, each on their own account.

A branch that brings addresses adds a row each; a parameter of a new kind gets a line in ``parameters`` of
``test_access_matrix``.
"""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC = "public"
SIGNED_IN = "signed in"
PROVIDER = "provider"
"""Who proved the address of a link sent to a provider: nobody else, member or not."""
CRITERIA = "criteria"
"""Those who write the checklists, which no role in an organisation makes anybody."""


@dataclass(frozen=True)
class Row:
    may: str
    methods: tuple[str, ...] = ("GET",)
    scope: str = "assessment"
    """'assessment': guests of it count; 'organisation': members only; 'binned': on an assessment in the bin;
    'current': about the organisation one works in, whichever."""
    posts: str = ""
    """What sending asks for, where it is more than looking does."""


BOTH = ("GET", "POST")
POST = ("POST",)

MATRIX: dict[str, Row] = {
    "home": Row(PUBLIC),
    "help": Row(PUBLIC),
    "help-words": Row(PUBLIC),
    "help-page": Row(PUBLIC),
    "robots": Row(PUBLIC),
    "security-txt": Row(PUBLIC),
    "accessibility": Row(PUBLIC),
    "privacy": Row(PUBLIC),
    "edition": Row(PUBLIC),
    "decided-cases": Row(PUBLIC),
    "decided-cases-of": Row(PUBLIC),
    "organisation-checklists": Row("manage_organisation", BOTH, "organisation"),
    "compare-editions": Row(PUBLIC),
    "edition-life": Row(PUBLIC),
    "draft-preview": Row(CRITERIA),
    "draft-preview-result": Row(CRITERIA),
    "draft-preview-restart": Row(CRITERIA, POST),
    "draft-preview-page": Row(CRITERIA, BOTH),
    "draft-preview-progress": Row(CRITERIA),
    "draft-preview-save": Row(CRITERIA, POST),
    "invitation": Row(PUBLIC, BOTH),
    "assessments": Row(SIGNED_IN),
    "export-portfolio": Row(SIGNED_IN),
    "person": Row(SIGNED_IN),
    "tokens": Row(SIGNED_IN, BOTH),
    "organisation-tokens": Row("manage_organisation", BOTH, scope="organisation"),
    "revoke-token": Row("manage_organisation", POST, scope="organisation"),
    "renew-token": Row("manage_organisation", POST, scope="organisation"),
    "end-session": Row(SIGNED_IN, POST),
    "export-person": Row(SIGNED_IN),
    "erase-person": Row(SIGNED_IN, BOTH),
    "my-work": Row(SIGNED_IN),
    "assignments": Row("manage_assessment", BOTH),
    "discussions": Row("see_team", BOTH, posts="comment"),
    "workload-discussion": Row("see_team", BOTH, posts="comment"),
    "offer-discussion": Row("see_team", BOTH, posts="comment"),
    "mark-discussion": Row("comment", POST),
    "change-comment": Row("comment", BOTH),
    "delete-comment": Row("comment", POST),
    "notices": Row(SIGNED_IN, BOTH),
    "open-notice": Row(SIGNED_IN),
    "mail-choice": Row(SIGNED_IN, BOTH),
    "refuse-mail": Row(PUBLIC, BOTH),
    "new-organisation": Row(SIGNED_IN, BOTH),
    "choose-organisation": Row("read", POST, "organisation"),
    "new-assessment": Row("manage_assessment", BOTH, "current"),
    "bin": Row("read", ("GET",), "current"),
    "evolution": Row("read", ("GET",), "current"),
    "assessment": Row("read"),
    "change-assessment": Row("manage_assessment", BOTH),
    "reassessment": Row("read", BOTH, posts="manage_assessment"),
    "put-in-bin": Row("manage_assessment", POST),
    "restore": Row("manage_assessment", POST, "binned"),
    "interview": Row("answer", BOTH),
    "to-ask": Row("read"),
    "first-verdict": Row(PUBLIC, BOTH),
    "first-verdict-result": Row(PUBLIC),
    "first-verdict-report": Row(PUBLIC),
    "forget-first-verdict": Row(PUBLIC, POST),
    "keep-first-verdict": Row(SIGNED_IN, BOTH),
    "workload": Row("read", BOTH, posts="answer"),
    "workload-progress": Row("answer"),
    "save-workload-answer": Row("answer", POST),
    "new-offer": Row("manage_assessment", BOTH),
    "change-offer": Row("manage_assessment", BOTH),
    "concern": Row("read", BOTH, posts="answer"),
    "concern-progress": Row("answer"),
    "save-offer-answer": Row("answer", POST),
    "control-chain": Row("answer", BOTH),
    "clear-text": Row("answer", BOTH),
    "evidence": Row("read"),
    "hold-to-evidence": Row("manage_assessment", POST),
    "workload-evidence": Row("answer", BOTH),
    "offer-evidence": Row("answer", BOTH),
    "change-evidence": Row("answer", BOTH),
    "remove-evidence": Row("answer", POST),
    "restore-evidence": Row("answer", POST),
    "download-evidence": Row("read"),
    "frameworks": Row(PUBLIC),
    "framework": Row(PUBLIC),
    "profiles": Row(SIGNED_IN),
    "profile": Row(SIGNED_IN),
    "fill-offer": Row("answer", BOTH),
    "who-could-host": Row("read"),
    "choose-host": Row("manage_assessment", POST),
    "edition-move": Row("manage_assessment"),
    "move-edition": Row("manage_assessment", POST),
    "confirm-move": Row("manage_assessment", POST),
    "undo-move": Row("manage_assessment", POST),
    "older-editions": Row("read", ("GET",), "organisation"),
    "choose-frameworks": Row("manage_assessment", POST),
    "lens": Row("read"),
    "provider-door": Row(PUBLIC, BOTH),
    "provider-questions": Row(PROVIDER, BOTH),
    "provider-documents": Row(PROVIDER, BOTH),
    "provider-requests": Row("see_team", BOTH, posts="manage_assessment"),
    "provider-request": Row("see_team", BOTH, posts="answer"),
    "revoke-provider-request": Row("manage_assessment", POST),
    "remind-provider": Row("manage_assessment", POST),
    "provider-document": Row("see_team"),
    "require-levels": Row("manage_assessment", POST),
    "check-answers": Row("read"),
    "resume": Row("answer"),
    "result": Row("read"),
    "understand": Row("read"),
    "understand-section": Row("read"),
    "act": Row("read"),
    "take-fewest": Row("answer", POST),
    "change-action": Row("answer", BOTH),
    "report": Row("read"),
    "draft-file": Row("read"),
    "download-draft": Row("read"),
    "reports": Row("read"),
    "issue-report": Row("issue_report", POST),
    "issued-report": Row("read"),
    "print-again": Row("issue_report", POST),
    "download-report": Row("read"),
    "report-json": Row("read"),
    "compare-reports": Row("read"),
    "import-assessment": Row("manage_assessment", BOTH, "current"),
    "verify": Row(PUBLIC, BOTH),
    "verify-code": Row(PUBLIC),
    "record-schema": Row(PUBLIC),
    "pack-schema": Row(PUBLIC),
    "transition": Row("read", BOTH, posts="answer"),
    "carry-over-plan": Row("answer", POST),
    "delete-plan": Row("answer", POST),
    "plan-calendar": Row("read"),
    "deadlines": Row(SIGNED_IN),
    "deadlines-calendar": Row(SIGNED_IN),
    "needs": Row("answer", BOTH),
    "provision": Row("answer", BOTH),
    "copy-answers": Row("answer", POST),
    "comparison": Row("read"),
    "comparison-csv": Row("read"),
    "comparison-xlsx": Row("read"),
    "assessment-review": Row("read"),
    "submit-review": Row("answer", POST),
    "withdraw-review": Row("answer", POST),
    "decide-review": Row("review", POST),
    "send-back-review": Row("review", POST),
    "approve-review": Row("approve", POST),
    "reopen-review": Row("approve", POST),
    "guests": Row("manage_organisation", BOTH),
    "change-guest": Row("manage_organisation", POST),
    "remove-guest": Row("manage_organisation", POST),
    "branding": Row("manage_organisation", BOTH, "organisation"),
    "organisation": Row("read", ("GET",), "organisation"),
    "leave-organisation": Row("read", POST, "organisation"),
    "change-organisation": Row("manage_organisation", BOTH, "organisation"),
    "invite": Row("manage_organisation", BOTH, "organisation"),
    "withdraw-invitation": Row("manage_organisation", POST, "organisation"),
    "change-role": Row("manage_organisation", POST, "organisation"),
    "remove-member": Row("manage_organisation", POST, "organisation"),
    "transfer-ownership": Row("manage_organisation", POST, "organisation"),
    "trail": Row("manage_organisation", ("GET",), "organisation"),
    "export-trail": Row("manage_organisation", ("GET",), "organisation"),
}
