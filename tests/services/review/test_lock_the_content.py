"""What is submitted or approved stays as it is, whichever service writes; what is carried out afterwards goes on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from django.apps import apps
from django.core.serializers import deserialize, serialize
from django.db import models, transaction
from django.utils import timezone

from checklists.models import Answer, Assessment, Offer, Provision, TransitionPlan, User
from checklists.services import capacity as state_capacity
from checklists.services import transition as plan_transition
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments import keep_assessment
from checklists.services.frameworks.choose_frameworks import choices_of, choose_frameworks, require_levels
from checklists.services.judging.judge_offer import edition_of, rows_of
from checklists.services.review.content_lock import ContentIsLocked, held_models
from tests.frameworks import publish_shipped_frameworks

CLOSED = [
    Assessment.ReviewState.SUBMITTED,
    Assessment.ReviewState.ACCEPTED,
    Assessment.ReviewState.APPROVED,
]
NOT_CONTENT = {
    "answerchange": "the history of an answer, which is held",
    "guest": "who may read",
    "reminder": "an e-mail sent",
    "report": "issued from the content, and never changed",
    "printjob": "where the making of a report stands",
    "draftfile": "a file made from the content, kept for a day",
    "printedreport": "the file of a report",
    "reviewact": "the review itself",
    "reviewdecision": "the review itself",
    "invitation": "who will read",
    "notice": "what awaits a person",
    "assignment": "who answers what",
    "offeraction": "who does what afterwards: an approved assessment is acted on",
    "discussion": "what people say to each other, before an approval and after",
    "editionmove": "what a move to another edition did: the move itself is refused",
    "answerconfirmation": "said during a move, and changes no answer",
    "portfolioline": "what the judge found, kept for the list",
    "standing": "what the judge found, kept for the list",
    "verdictchange": "what the judge found, kept over time",
    "providerrequest": "whom was asked: its service refuses what is sent while the content is closed",
    "provideranswer": "a claim beside the content: its service refuses it while the content is closed",
    "providerdocument": "a claim beside the content: its service refuses it while the content is closed",
    "providerversion": "what a provider sent, and never changed",
    "providerdecision": "what was decided of a claim: accepting writes an answer, which is held",
    "comment": "what people say to each other, before an approval and after",
}


def reaches_an_assessment(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether a row of ``model`` hangs on an assessment, directly or through others."""
    if model is Assessment:
        return True
    parents = {f.related_model for f in model._meta.concrete_fields if f.is_relation and f.related_model is not None}
    return any(reaches_an_assessment(parent, seen | {model}) for parent in parents - seen - {model})


def test_every_model_of_an_assessment_is_held_or_says_why_not() -> None:
    own = {model for model in apps.get_app_config("checklists").get_models() if reaches_an_assessment(model)}
    assert {model._meta.model_name for model in own - held_models()} == set(NOT_CONTENT)


@pytest.fixture
def offer(example: Offer, officer: User) -> Offer:
    """An offer with a plan, capacities, frameworks and a neighbour."""
    publish_shipped_frameworks()
    choose_frameworks(example.assessment, ["eu-csf-2025-10"], officer)
    plan_transition.begin_plan(example, timezone.localdate(), officer)
    state_capacity.state_need(example.assessment, {"cpu": 4})
    state_capacity.state_provision(example, {"cpu": 4})
    keep_assessment.add_offer(example.assessment, name="Another")
    return example


def answer_it(offer: Offer, by: User) -> None:
    question = edition_of(offer.assessment).questions["key_holder"]
    row = rows_of(offer.assessment, offer)["key_holder"]
    said = Said("unknown" if row.status == "answered" else "answered", "provider", comment="changed")
    save_answer(assessment=offer.assessment, offer=offer, question=question, said=said, revision=row.revision, by=by)


def change_the_plan(offer: Offer, by: User) -> None:
    plan = TransitionPlan.objects.get(offer=offer)
    header = {"justification": "Another one"}
    plan_transition.save_plan(plan, header=header, changed=[], removed=[], revision=plan.revision, by=by)


def change_a_step(offer: Offer, by: User, **fields: object) -> None:
    plan = TransitionPlan.objects.get(offer=offer)
    number = plan.steps.first().number  # type: ignore[union-attr]
    changed = [(number, fields or {"title": "Renamed"})]
    plan_transition.save_plan(plan, header={}, changed=changed, removed=[], revision=plan.revision, by=by)


def remove_a_step(offer: Offer, by: User) -> None:
    plan = TransitionPlan.objects.get(offer=offer)
    plan_transition.save_plan(plan, header={}, changed=[], removed=[1], revision=plan.revision, by=by)


def other(offer: Offer) -> Offer:
    return Offer.objects.exclude(pk=offer.pk).get(assessment=offer.assessment)


def level(offer: Offer, by: User) -> None:
    choice = next(each for each in choices_of(offer.assessment) if each.framework.key == "eu-csf-2025-10")
    require_levels(choice, {"sov-1": 2})


WRITES: dict[str, Callable[[Offer, User], object]] = {
    "answer": answer_it,
    "rename the assessment": lambda offer, by: keep_assessment.change_assessment(
        offer.assessment, name="Renamed", description="", reference_date=offer.assessment.reference_date
    ),
    "move the reference date": lambda offer, by: keep_assessment.change_assessment(
        offer.assessment,
        name=offer.assessment.name,
        description=offer.assessment.description,
        reference_date=timezone.localdate(),
    ),
    "add an offer": lambda offer, by: keep_assessment.add_offer(offer.assessment, name="Third"),
    "rename an offer": lambda offer, by: keep_assessment.change_offer(
        offer, name="Renamed", provider="", is_current=True
    ),
    "delete an offer": lambda offer, by: other(offer).delete(),
    "choose frameworks": lambda offer, by: choose_frameworks(offer.assessment, [], by),
    "require levels": level,
    "state needs": lambda offer, by: state_capacity.state_need(offer.assessment, {"cpu": 64}),
    "state a capacity": lambda offer, by: state_capacity.state_provision(offer, {"cpu": 64}),
    "begin a plan": lambda offer, by: plan_transition.begin_plan(other(offer), timezone.localdate(), by),
    "change the plan": change_the_plan,
    "change a step": change_a_step,
    "remove a step": remove_a_step,
    "delete the plan": lambda offer, by: plan_transition.delete_plan(TransitionPlan.objects.get(offer=offer)),
    "copy answers": lambda offer, by: copy_answers(offer, other(offer), by),
}


def contents(assessment: Assessment) -> list[list[dict[str, object]]]:
    """Every row of the content, as stored."""
    found = []
    for model in sorted(held_models(), key=lambda model: model._meta.label):
        rows = model._default_manager.order_by("pk").values()
        found.append([{k: v for k, v in row.items() if k not in ("updated_at", "review_state")} for row in rows])
    return found


def attempt(offer: Offer, officer: User, write: str, state: str) -> bool:
    """Whether ``write`` is refused in ``state``, having changed nothing; undone in any case."""
    with transaction.atomic():
        Assessment.objects.filter(pk=offer.assessment_id).update(review_state=state)
        fresh = Offer.objects.select_related("assessment__edition").get(pk=offer.pk)
        before = contents(offer.assessment)
        try:
            with transaction.atomic():
                WRITES[write](fresh, officer)
        except ContentIsLocked:
            assert contents(offer.assessment) == before
            return True
        else:
            assert contents(offer.assessment) != before
            return False
        finally:
            transaction.set_rollback(True)


def test_closed_content_is_refused_and_open_content_is_written(offer: Offer, officer: User) -> None:
    for write, state in product(WRITES, Assessment.ReviewState.values):
        assert attempt(offer, officer, write, state) is (state in CLOSED), (write, state)


def test_an_approved_plan_is_carried_out(offer: Offer, officer: User) -> None:
    Assessment.objects.filter(pk=offer.assessment_id).update(review_state="approved")
    today = timezone.localdate()
    change_a_step(offer, officer, state="done", started_on=today, finished_on=today, owner="Another person")
    step = TransitionPlan.objects.get(offer=offer).steps.get(number=1)
    assert (step.state, step.finished_on, step.owner) == ("done", today, "Another person")


def test_saving_the_same_again_is_no_change(offer: Offer, officer: User) -> None:
    Assessment.objects.filter(pk=offer.assessment_id).update(review_state="approved")
    fresh = Offer.objects.get(pk=offer.pk)
    keep_assessment.change_offer(fresh, name=fresh.name, provider=fresh.provider, is_current=fresh.is_current)
    state_capacity.state_provision(fresh, {"cpu": 4})


def test_an_approved_assessment_goes_to_the_bin_and_by_retention_for_good(offer: Offer) -> None:
    Assessment.objects.filter(pk=offer.assessment_id).update(review_state="approved")
    assessment = Assessment.objects.get(pk=offer.assessment_id)
    keep_assessment.bin_assessment(assessment)
    keep_assessment.restore_assessment(assessment)
    assessment.delete()
    assert not Answer.objects.exists()
    assert not Provision.objects.exists()


def test_rows_read_back_from_a_file_are_taken_as_they_are(offer: Offer) -> None:
    """``loaddata`` brings a copy back, closed content included: the lock is for acts of people."""
    row = Answer.objects.filter(offer=offer).first() or Answer.objects.create(
        assessment=offer.assessment, offer=offer, question="key_holder", status="answered", value="provider"
    )
    kept = serialize("json", [row])
    Assessment.objects.filter(pk=offer.assessment_id).update(review_state="approved")
    Answer.objects.filter(pk=row.pk).update(comment="changed behind its back")
    for again in deserialize("json", kept):
        again.save()
    assert Answer.objects.get(pk=row.pk).comment == row.comment
    with pytest.raises(ContentIsLocked):
        Answer.objects.get(pk=row.pk).delete()
