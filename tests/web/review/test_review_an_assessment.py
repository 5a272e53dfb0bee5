"""A contributor submits, a reviewer decides part by part, an owner approves: locked, told in the report, reopened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.documents.frozen.frozen import Frozen, report_input
from checklists.documents.pages.document import document_html
from checklists.models import (
    Answer,
    Assessment,
    Evidence,
    Membership,
    Notice,
    Offer,
    PlanStep,
    ReviewAct,
    ReviewDecision,
    TrailEntry,
    TransitionPlan,
    User,
)
from checklists.packs.reports.record import read_record
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.frameworks.choose_frameworks import choose_frameworks
from checklists.services.judging.judge_offer import edition_of
from checklists.services.reports.issue_report import issue_report
from checklists.services.review.content_lock import held_models
from checklists.services.transition import begin_plan
from checklists.web.urls import urlpatterns
from tests.expectations import MATRIX, SIGNED_IN
from tests.frameworks import publish_shipped_frameworks

HTMX = {"HX-Request": "true"}
NOT_CONTENT = {
    "restore": "out of the bin, as it was",
    "put-in-bin": "into the bin, as it is",
    "assignments": "who answers what",
    "reassessment": "when to look again",
    "confirm-move": "nothing to confirm: a move needs open content",
    "undo-move": "nothing to undo: a move needs open content",
    "hold-to-evidence": "tried by a test of evidence",
    "workload-evidence": "tried by a test of evidence",
    "offer-evidence": "tried by a test of evidence",
    "change-evidence": "tried by a test of evidence",
    "remove-evidence": "tried by a test of evidence",
    "restore-evidence": "tried by a test of evidence",
    "fill-offer": "writes by the service that saves answers, once a profile is chosen",
    "interview": "writes by the service that saves answers",
    "choose-host": "writes by the services of offers and of answers",
    "change-action": "what is to be done is carried out after an approval",
    "provider-requests": "what is asked of a provider",
    "provider-request": "writes by the service that saves answers",
    "revoke-provider-request": "what is asked of a provider",
    "remind-provider": "what is asked of a provider",
    "caiq": "writes by the service that saves answers, once lines of the file are ticked",
    "workbook": "compares a file; what is taken from it goes through the service that saves answers",
    "take-fewest": "what is to be done is carried out after an approval",
}
"""Posts about an assessment that change no content, or cannot get as far."""


@dataclass
class Team:
    """Each person's browser, in English, and the assessment they work on."""

    assessment: Assessment
    offer: Offer
    contributor: Client
    reviewer: Client
    owner: Client
    reader: Client

    @property
    def here(self) -> str:
        return f"/assessments/{self.assessment.pk}/review/"

    def post(self, who: Client, act: str, **sent: Any):
        return who.post(f"{self.here}{act}/", sent, follow=True)

    def state(self) -> str:
        return Assessment.objects.get(pk=self.assessment.pk).review_state

    def decide(self, go: str, *, returned: str = "", remark: str = "", who: Client | None = None):
        """Accept every part but those of the concern ``returned``."""
        sent: dict[str, Any] = {"go": go}
        submission = ReviewAct.objects.filter(kind="submitted").latest("pk")
        for name in submission.matters:
            sent[f"seen-{name}"] = ""
            back = bool(returned) and name.endswith(f"/{returned}")
            sent[f"decision-{name}"] = "return" if back else "accept"
            sent[f"remark-{name}"] = remark if back else ""
            if back:
                sent[f"mend-{name}"] = "key_holder"
        for decision in submission.decisions.all():
            sent[f"seen-{decision.offer_id or ''}/{decision.concern}"] = decision.at.isoformat()
        return self.post(who or self.reviewer, "decide", **sent)

    def approved(self) -> Team:
        self.post(self.contributor, "submit", note="")
        self.decide("close")
        self.post(self.owner, "approve", note="")
        assert self.state() == "approved"
        return self


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def team(example: Offer, officer: User) -> Team:
    organisation = officer.organisations.get()
    people = {}
    for role in ("contributor", "reviewer", "reader"):
        people[role] = User.objects.create_user(f"{role}@hopital.example", "x", first_name=role.title())
        Membership.objects.create(user=people[role], organisation=organisation, role=role)
    Answer.objects.update(updated_by=people["contributor"])
    clients = {role: browser(user) for role, user in people.items()}
    return Team(example.assessment, example, owner=browser(officer), **clients)


def test_from_submission_to_approval_and_back(team: Team) -> None:
    page = team.post(team.contributor, "submit", note="Clause 12 is new.")
    assert "Round 1: under review" in page.content.decode()
    assert "Clause 12 is new." in page.content.decode()
    page = team.decide("close", returned="keys", remark="Which clause says so?")
    assert team.state() == "returned"
    told = team.contributor.get(f"/offers/{team.offer.pk}/questions/keys/").content.decode()
    assert "Which clause says so?" in told
    assert told.count("To be mended: see the reviewer’s remark") == 1
    row = Answer.objects.get(offer=team.offer, question="key_holder")
    sent = {"q-key_holder-answer": "option:customer_only", "q-key_holder-revision": row.revision,
            "q-key_holder-comment": "Clause 12.3"}  # fmt: skip
    assert team.contributor.post(f"/offers/{team.offer.pk}/answers/key_holder/", sent, headers=HTMX).status_code == 200
    team.post(team.contributor, "submit")
    changed = team.reviewer.get(f"{team.here}?show=changed").content.decode()
    assert "Clause 12.3" in changed
    assert "Before:" in changed
    assert "Changed since I last looked (1)" in " ".join(changed.split())
    assert ReviewDecision.objects.filter(carried_from=1).count() == len(edition_of(team.assessment).concerns) + 1
    team.post(team.reviewer, "decide", go="accept_rest", **{f"seen-{team.offer.pk}/keys": ""})
    team.post(team.reviewer, "decide", go="close")
    assert team.state() == "accepted"
    assert "An owner of the organisation approves it." in team.reviewer.get(team.here).content.decode()
    page = team.post(team.owner, "approve", note="For the committee.")
    assert "Approved: the content is locked" in page.content.decode()
    assert "Only an owner can reopen it" in team.contributor.get(team.here).content.decode()
    page = team.post(team.owner, "reopen", reason="The contract was renewed.")
    assert team.state() == "draft"
    history = page.content.decode()
    assert all(words in history for words in ("Clause 12 is new.", "For the committee.", "The contract was renewed."))
    kinds = list(ReviewAct.objects.values_list("kind", flat=True))
    assert kinds == ["submitted", "returned", "submitted", "accepted", "approved", "reopened"]
    told_kinds = set(Notice.objects.values_list("kind", "user__first_name"))
    assert {("submitted", "Reviewer"), ("returned", "Contributor"), ("approved", "Contributor")} <= told_kinds
    assert TrailEntry.objects.filter(kind="reviewact.recorded").count() == 6


def test_evidence_added_for_a_part_asks_for_its_decision_again_and_closed_content_takes_none(team: Team) -> None:
    team.post(team.contributor, "submit")
    address = f"/offers/{team.offer.pk}/evidence/encryption_in_transit/"
    sent = {"title": "Audit report", "kind": "audit_report", "strength": "document", "link": "https://audit.example/"}
    assert team.contributor.post(address, sent).status_code == 423
    team.decide("close", returned="governance", remark="Who is the officer?")
    assert team.contributor.post(address, sent).status_code == 302
    evidence = Evidence.objects.get()
    team.post(team.contributor, "submit")
    decided = ReviewDecision.objects.filter(carried_from=1).values_list("concern", flat=True)
    concerns = set(edition_of(team.assessment).concerns)
    changed = edition_of(team.assessment).questions["encryption_in_transit"].concern
    assert {concern for concern in decided if concern} == concerns - {changed, "governance"}
    for act in ("change", "remove"):
        other = sent | {"title": "Another"}
        assert team.contributor.post(f"/evidence/{evidence.pk}/{act}/", other).status_code == 423, act
    assert team.owner.post(f"/assessments/{team.assessment.pk}/evidence/hold/", {"held": "yes"}).status_code == 423
    evidence.refresh_from_db()
    assert (evidence.title, evidence.removed_at) == ("Audit report", None)


def test_gaps_are_counted_and_told_and_refuse_nothing(team: Team) -> None:
    Answer.objects.filter(question="key_holder").update(status="unanswered", value="")
    page = team.contributor.get(team.here).content.decode()
    assert "1 question has no answer yet." in page
    assert "Submit for review with 1 gap" in page
    team.post(team.contributor, "submit")
    assert ReviewAct.objects.get().unanswered == 1
    assert "1 question asked had no answer." in team.reviewer.get(team.here).content.decode()


def test_a_submission_is_withdrawn_until_somebody_decides(team: Team) -> None:
    team.post(team.contributor, "submit")
    team.post(team.contributor, "withdraw")
    assert team.state() == "draft"
    team.post(team.contributor, "submit")
    team.decide("save")
    page = team.contributor.post(f"{team.here}withdraw/")
    assert page.status_code == 422
    assert "too late to withdraw" in page.content.decode()


def test_a_return_without_words_is_refused_and_nothing_typed_is_lost(team: Team) -> None:
    team.post(team.contributor, "submit")
    name = f"{team.offer.pk}/keys"
    other = f"{team.offer.pk}/law"
    sent = {f"seen-{name}": "", f"decision-{name}": "return", f"seen-{other}": "", f"remark-{other}": "Typed before"}
    page = team.reviewer.post(f"{team.here}decide/", sent | {"go": "save"})
    assert page.status_code == 422
    assert "Write what is to be mended" in page.content.decode()
    assert not ReviewDecision.objects.exists()


def test_what_another_reviewer_decided_meanwhile_is_not_undone_unseen(team: Team, officer: User) -> None:
    team.post(team.contributor, "submit")
    name = f"{team.offer.pk}/keys"
    mine = {f"seen-{name}": "", f"decision-{name}": "accept", "go": "save"}
    returned = {f"decision-{name}": "return", f"remark-{name}": "No."}
    assert team.owner.post(f"{team.here}decide/", mine | returned).status_code == 302
    page = team.reviewer.post(f"{team.here}decide/", mine)
    assert page.status_code == 422
    assert "decided on it meanwhile: Returned – No." in page.content.decode()
    assert not ReviewDecision.objects.get().is_accepted


def test_a_review_ends_only_when_everything_is_accepted_or_something_returned(team: Team) -> None:
    team.post(team.contributor, "submit")
    page = team.reviewer.post(f"{team.here}decide/", {"go": "close"})
    assert page.status_code == 422
    assert team.state() == "submitted"


def test_an_author_leaves_the_review_to_others_unless_the_setting_says_otherwise(team: Team, officer: User) -> None:
    Answer.objects.update(updated_by=officer)
    team.post(team.contributor, "submit")
    assert "wrote most of its answers" in team.owner.get(team.here).content.decode()
    assert team.decide("save", who=team.owner).status_code == 422
    settings = {"name": "Hôpital", "bin_after": "", "delete_after": ""}
    team.owner.post(f"/organisations/{team.assessment.organisation_id}/change/", settings)
    assert team.decide("save", who=team.owner).status_code == 200
    assert ReviewDecision.objects.exists()


def test_an_only_member_goes_all_the_way_and_the_record_says_so(desk: Client, example: Offer, officer: User) -> None:
    here = f"/assessments/{example.assessment_id}/review/"
    desk.post(f"{here}submit/")
    seen = {f"seen-{name}": "" for name in ReviewAct.objects.get().matters}
    desk.post(f"{here}decide/", seen | {"go": "accept_rest"})
    desk.post(f"{here}decide/", {"go": "close"})
    desk.post(f"{here}approve/")
    report, _new = issue_report(example, language="en", form="full", by=officer)
    html = pages(read_record(bytes(report.content)), example)
    assert "Approved on" in html
    assert "nobody else in the organisation may" in html


def pages(record: Any, offer: Offer) -> str:
    frozen = Frozen(record, edition_of(offer.assessment), b"", None, timezone.now())
    return document_html(report_input(frozen), record.language)


def test_a_report_says_whether_its_content_is_approved(team: Team, officer: User) -> None:
    before, _new = issue_report(team.offer, language="en", form="full", by=officer)
    begin_plan(team.offer, team.assessment.reference_date, officer)
    assert "Not approved: working version" in pages(read_record(bytes(before.content)), team.offer)
    team.approved()
    approved, is_new = issue_report(team.offer, language="fr", form="full", by=officer)
    assert is_new
    record = read_record(bytes(approved.content))
    act = ReviewAct.objects.get(kind="approved")
    assert act.covers[str(team.offer.pk)] == record.covered_sha256
    assert [step.act for step in record.review.history] == ["submitted", "accepted", "approved"]
    assert record.review.history[2].by == officer.email
    assert "Approved on" in pages(record.model_copy(update={"language": "en"}), team.offer)
    # A step marked as done changes the report, and is no part of what was approved.
    PlanStep.objects.filter(number=1).update(state="under_way", started_on=team.assessment.reference_date)
    later, _new = issue_report(team.offer, language="en", form="full", by=officer)
    assert "Approved on" in pages(read_record(bytes(later.content)), team.offer)
    # What gets round the lock is seen.
    Answer.objects.filter(question="key_holder").update(comment="Slipped in")
    slipped, _new = issue_report(team.offer, language="en", form="full", by=officer)
    assert "changed since" in pages(read_record(bytes(slipped.content)), team.offer)
    team.post(team.owner, "reopen", reason="Renewed.")
    reopened, _new = issue_report(team.offer, language="en", form="full", by=officer)
    html = pages(read_record(bytes(reopened.content)), team.offer)
    assert "ended when the content was reopened" in html


def test_a_record_from_before_reviews_reads_as_it_did(team: Team, officer: User) -> None:
    report, _new = issue_report(team.offer, language="en", form="full", by=officer)
    document = json.loads(bytes(report.content))
    del document["review"]
    old = read_record(json.dumps(document).encode())
    assert old.review is None
    assert "review" not in old.to_document()
    assert "Not approved" not in pages(old, team.offer)


def test_locked_content_refuses_every_form_and_gives_back_what_was_typed(team: Team, officer: User) -> None:
    begin_plan(team.offer, team.assessment.reference_date, officer)
    second = add_offer(team.assessment, name="Second")
    publish_shipped_frameworks()
    choose_frameworks(team.assessment, ["eu-csf-2025-10"], officer)
    team.approved()
    patterns = {str(pattern.name): pattern for room in urlpatterns for pattern in room.url_patterns}
    known = {"assessment_id": team.assessment.pk, "concern_key": "keys", "key": "eu-csf-2025-10"}
    typed = "Typed with care, not to be lost"
    bodies: dict[str, dict[str, Any]] = {
        "change-assessment": {"name": typed, "reference_date": "01/01/2021"},
        "new-offer": {"name": typed},
        "change-offer": {"name": typed},
        "concern": {"q-key_holder-answer": "unknown", "q-key_holder-revision": "1", "q-key_holder-comment": typed},
        "workload": {"q-data_category-answer": "unknown", "q-data_category-revision": "1",
                     "q-data_category-comment": typed},
        "save-offer-answer": {"q-key_holder-answer": "unknown", "q-key_holder-revision": "1"},
        "save-workload-answer": {"q-data_category-answer": "unknown", "q-data_category-revision": "1"},
        "control-chain": {"revision": "1", "name-A": typed},
        "clear-text": {"revision": "1", "comment": typed},
        "choose-frameworks": {},
        "require-levels": {"minimum-sov-1": "2"},
        "needs": {"cpu": "4", "note": typed},
        "provision": {"cpu": "4", "note": typed},
        "copy-answers": {"source": str(team.offer.pk)},
        "carry-over-plan": {},
        "delete-plan": {},
        "transition": {},
        "move-edition": {"edition": "0" * 64},
    }  # fmt: skip
    names = {
        name
        for name, row in MATRIX.items()
        if "POST" in row.methods and (row.posts or row.may) in ("answer", "manage_assessment")
        and row.scope == "assessment" and row.may != SIGNED_IN and not name.endswith("-review")
    }  # fmt: skip
    assert names - set(NOT_CONTENT) == set(bodies), "say what each form that writes to an assessment sends"
    before = contents()
    for name, body in bodies.items():
        offer = second if name in ("copy-answers", "transition") else team.offer
        values = known | {"offer_id": offer.pk, "question_key": "data_category" if "workload" in name else "key_holder"}
        takes = patterns[name].pattern.converters
        with transaction.atomic():
            response = team.owner.post(reverse(name, kwargs={key: values[key] for key in takes}), body)
            transaction.set_rollback(True)
        assert response.status_code == 423, (name, response.status_code)
        page = response.content.decode()
        assert "approved: its content is locked" in page, name
        assert "Reopen it, with a reason" in page, name
        assert (typed in page) == (typed in body.values()), name
    assert contents() == before


def contents() -> list[Any]:
    """Every row of the content, as stored."""
    return [
        list(model._default_manager.order_by("pk").values())
        for model in sorted(held_models(), key=lambda model: model._meta.label)
    ]


def test_a_save_as_one_goes_says_that_it_is_locked_without_a_query_more(
    team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    team.approved()
    sent = {"q-key_holder-answer": "unknown", "q-key_holder-revision": "1", "q-key_holder-comment": "kept on the page"}
    with django_assert_max_num_queries(9):
        response = team.contributor.post(f"/offers/{team.offer.pk}/answers/key_holder/", sent, headers=HTMX)
    assert response.status_code == 423
    assert "What you typed is kept on this page, not saved." in response.content.decode()
    assert Answer.objects.get(question="key_holder").comment != "kept on the page"


def test_a_step_of_an_approved_plan_is_marked_and_nothing_else(team: Team, officer: User) -> None:
    plan = begin_plan(team.offer, team.assessment.reference_date, officer)
    team.approved()
    sent = {"revision": plan.revision, "justification": "Slipped in", "steps-TOTAL_FORMS": 9, "steps-INITIAL_FORMS": 9}
    for index, step in enumerate(plan.steps.all()):
        sent |= {f"steps-{index}-number": step.number, f"steps-{index}-title": "Slipped in",
                 f"steps-{index}-state": step.state, f"steps-{index}-owner": ""}  # fmt: skip
    sent |= {"steps-0-state": "done", "steps-0-started_on": "01/02/2021", "steps-0-finished_on": "01/03/2021"}
    sent |= {"steps-0-owner": "Jean"}
    address = f"/offers/{team.offer.pk}/transition/"
    assert team.contributor.post(address, sent).status_code == 302
    step = PlanStep.objects.get(plan=plan, number=1)
    assert (step.state, str(step.finished_on), step.owner) == ("done", "2021-03-01", "Jean")
    assert "Slipped in" not in (step.title, TransitionPlan.objects.get(pk=plan.pk).justification)
    assert "The plan is carried out after it is approved" in team.contributor.get(address).content.decode()


def test_roles_see_what_they_may_do(team: Team) -> None:
    assert "review/submit/" not in team.reader.get(team.here).content.decode()
    team.post(team.contributor, "submit")
    for who, decides in ((team.reader, False), (team.contributor, False), (team.reviewer, True), (team.owner, True)):
        assert ("Save the decisions" in who.get(team.here).content.decode()) is decides


def test_the_page_takes_as_many_queries_for_one_offer_as_for_five(
    team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    team.post(team.contributor, "submit")
    team.decide("close", returned="keys", remark="Which clause?")
    for number in range(4):
        add_offer(Assessment.objects.get(pk=team.assessment.pk), name=f"Offer {number}")
    for client in (team.contributor, team.reviewer):
        with django_assert_max_num_queries(26):
            client.get(team.here)
    team.post(team.contributor, "submit")
    with django_assert_max_num_queries(26):
        team.reviewer.get(team.here)


def test_what_is_typed_that_is_too_long_or_missing_is_said_beside_the_field(team: Team) -> None:
    page = team.contributor.post(f"{team.here}submit/", {"note": "x" * 5001})
    assert page.status_code == 422
    assert "too long" in page.content.decode()
    team.approved()
    page = team.owner.post(f"{team.here}reopen/", {"reason": " "})
    assert page.status_code == 422
    assert "Write why" in page.content.decode()
    assert team.state() == "approved"


def test_the_trail_tells_the_review_in_words(team: Team) -> None:
    team.approved()
    page = team.owner.get(f"/organisations/{team.assessment.organisation_id}/trail/").content.decode()
    assert "approved" in page
    assert "decided in the review" in page
