"""A portfolio's line says what the result page says, whatever was changed and by whichever way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from math import floor
from random import Random
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.core.editions.vocabulary import Verdict
from checklists.core.transition import schedule
from checklists.models import (
    Answer,
    Assessment,
    Edition,
    FrameworkChoice,
    Offer,
    Organisation,
    PlanStep,
    PortfolioLine,
    Standing,
    TransitionPlan,
    VerdictChange,
)
from checklists.packs.editions.reader import read_pack
from checklists.packs.editions.schema import Pack
from checklists.packs.files.shipped import shipped_pack
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments import keep_assessment
from checklists.services.editions.publish_edition import publish_edition
from checklists.services.frameworks.choose_frameworks import choices_of, choose_frameworks
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.judging.judge_offer import judge_offer
from checklists.services.people import keep_members
from checklists.services.portfolio import refresh_standings
from checklists.services.portfolio.refresh_standings import mark_judged_otherwise, refresh_all, refresh_some
from checklists.services.transition import begin_plan, core_plan, delete_plan, save_plan
from checklists.web.answers.views import Desk
from tests.frameworks import publish_shipped_frameworks
from tests.profiles import examples


def answer_something(assessment: Assessment, chance: Random) -> None:
    asked = questionnaire_of(assessment, choices_of(assessment))
    question = chance.choice([each for each in asked.questions.values() if each.kind == "choice"])
    offers = list(assessment.offers.all())
    offer = chance.choice(offers) if question.scope == "offer" and offers else None
    if question.scope == "offer" and offer is None:
        return
    row = Answer.objects.filter(assessment=assessment, offer=offer, question=question.key).first()
    status = chance.choice(["answered", "answered", "unknown", "not_applicable", "unanswered"])
    value = chance.choice(list(question.options)) if status == "answered" else ""
    said = Said(status, value, justification="Because it is so.")
    revision = row.revision if row else 0
    save_answer(assessment=assessment, offer=offer, question=question, said=said, revision=revision, by=None)


def add_an_offer(assessment: Assessment, chance: Random) -> None:
    keep_assessment.add_offer(assessment, name=chance.choice("abc"), is_current=chance.random() < 0.3)


def change_an_offer(assessment: Assessment, chance: Random) -> None:
    offer = chance.choice(list(assessment.offers.all()))
    keep_assessment.change_offer(offer, name="Changed", provider="Ovélie", is_current=chance.random() < 0.5)


def copy_an_offer(assessment: Assessment, chance: Random) -> None:
    source = chance.choice(list(assessment.offers.all()))
    copy_answers(source, keep_assessment.add_offer(assessment, name="Copy"), None)


def change_the_date(assessment: Assessment, chance: Random) -> None:
    day = date(2019, 1, 1) + timedelta(days=chance.randrange(3000))
    keep_assessment.change_assessment(assessment, name="Registre É", description="", reference_date=day)


def change_the_edition(assessment: Assessment, chance: Random) -> None:
    assessment.edition = Edition.objects.defer("document").order_by("?").first()  # type: ignore[assignment]
    assessment.save(update_fields=["edition"])


def choose_other_frameworks(assessment: Assessment, chance: Random) -> None:
    choose_frameworks(assessment, chance.sample(["eu-csf-2025-10", "hds-2"], chance.randrange(3)), None)


def plan_the_way_out(assessment: Assessment, chance: Random) -> None:
    plan = begin_plan(chance.choice(list(assessment.offers.all())), date(2026, 1, chance.randrange(1, 28)), None)
    step = {"title": "Survey", "low": 1, "likely": 2, "high": 3, "state": chance.choice(["planned", "done"])}
    save_plan(plan, header={}, changed=[(1, step)], removed=[9], revision=plan.revision, by=None)


def drop_a_plan(assessment: Assessment, chance: Random) -> None:
    for plan in TransitionPlan.objects.filter(offer__assessment=assessment):
        delete_plan(plan)


def drop_an_offer(assessment: Assessment, chance: Random) -> None:
    if assessment.offers.count() > 1:
        assessment.offers.last().delete()  # type: ignore[union-attr]


def set_the_months(assessment: Assessment, chance: Random) -> None:
    keep_members.set_reassessment(assessment.organisation, chance.choice([None, 6, 12]))


def set_a_day(assessment: Assessment, chance: Random) -> None:
    keep_assessment.reassess_by(assessment, chance.choice([None, date(2027, 3, 1)]))


ACTS: list[Callable[[Assessment, Random], None]] = [
    answer_something, answer_something, answer_something, add_an_offer, change_an_offer, copy_an_offer, change_the_date,
    change_the_edition, choose_other_frameworks, plan_the_way_out, drop_a_plan, drop_an_offer, set_the_months,
    set_a_day,
]  # fmt: skip


def assert_it_says_what_the_pages_say(assessment: Assessment) -> None:
    assessment = Assessment.objects.select_related("edition", "organisation").get(pk=assessment.pk)
    line = PortfolioLine.objects.get(pk=assessment.pk)
    assert not line.is_stale
    offers = list(assessment.offers.all())
    judged = {}
    for offer in offers:
        judgement = judged[offer] = judge_offer(offer)
        kept = Standing.objects.get(offer=offer)
        assert (kept.worst, kept.best) == (judgement.verdict.worst, judgement.verdict.best)
        assert kept.verdict == (judgement.established if judgement.is_established else None)
        assert (kept.low, kept.high) == (floor(judgement.score.low), floor(judgement.score.high))
        assert kept.confidence == floor(judgement.confidence * 100)
    desk = Desk(assessment, line.host or line.best)
    pages = desk.pages(desk.judgement)
    assert line.asked == sum(page.asked for page in pages)
    assert line.answered == sum(page.answered for page in pages)
    assert line.required == desk.judgement.required.worst
    is_known = desk.offer and desk.judgement.is_established and desk.judgement.minimum_is_met is not None
    assert line.distance == (desk.judgement.distance if is_known else None)
    if offers:
        best = max((j.verdict.worst, j.verdict.best, j.score.low) for j in judged.values())
        assert line.best
        found = judged[line.best]
        assert (found.verdict.worst, found.verdict.best, found.score.low) == best
    assert (line.host is not None) == any(offer.is_current for offer in offers)
    plans = TransitionPlan.objects.filter(offer__assessment=assessment)
    ends = [
        placed.spans[step.number].end
        for plan in plans
        for placed in [schedule(core_plan(plan, plan.steps.all()), date(2026, 1, 1))]
        for step in plan.steps.exclude(state="done")
    ]
    assert line.next_step_on == min(ends, default=None)


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=4), seed=st.integers(0, 10**6))
def test_after_any_change_the_line_says_what_the_pages_say(
    example: Offer, acts: list[Callable[[Assessment, Random], None]], seed: int
) -> None:
    if not Edition.objects.filter(number=99).exists():
        publish_edition(Pack.model_validate({**read_pack(shipped_pack("cnil-hosting")).to_document(), "number": 99}))
        publish_shipped_frameworks()
    with transaction.atomic():
        refresh_all(PortfolioLine.objects.all())
        for act in acts:
            act(Assessment.objects.get(pk=example.assessment_id), Random(seed))
            refresh_some(PortfolioLine.objects.all())
            assert_it_says_what_the_pages_say(example.assessment)
        transaction.set_rollback(True)


LINES = PortfolioLine.objects.all()


def is_stale(offer: Offer) -> bool:
    return PortfolioLine.objects.get(pk=offer.assessment_id).is_stale


CHANGES: list[Callable[[Offer], object]] = [
    lambda offer: Answer.objects.filter(offer=offer, question="key_holder").update(value="customer_only"),
    lambda offer: Answer.objects.bulk_create([Answer(assessment=offer.assessment, question="new_one")]),
    lambda offer: Answer.objects.filter(offer=offer).delete(),
    lambda offer: Offer.objects.filter(pk=offer.pk).update(provider="Ovélie"),
    lambda offer: Offer.objects.bulk_create([Offer(assessment=offer.assessment, name="Another")]),
    lambda offer: FrameworkChoice.objects.filter(assessment=offer.assessment).delete(),
    lambda offer: TransitionPlan.objects.update(starts_on=date(2027, 1, 1)),
    lambda offer: PlanStep.objects.filter(number=1).update(state="done"),
    lambda offer: PlanStep.objects.filter(number=9).delete(),
    lambda offer: Assessment.objects.update(reference_date=date(2026, 1, 1)),
    lambda offer: Assessment.objects.update(reassess_by=date(2026, 1, 1)),
    lambda offer: Organisation.objects.update(reassess_after=6),
]


def test_no_way_of_writing_forgets_the_mark(example: Offer) -> None:
    publish_shipped_frameworks()
    choose_frameworks(example.assessment, ["hds-2"], None)
    begin_plan(example, date(2026, 1, 5), None)
    assert refresh_all(LINES) == 1
    forgotten = []
    for number, change in enumerate(CHANGES):
        with transaction.atomic():
            assert not is_stale(example)
            change(example)
            if not is_stale(example):
                forgotten.append(number)
            transaction.set_rollback(True)
    assert forgotten == []


def test_what_does_not_move_the_verdict_leaves_no_mark(example: Offer) -> None:
    refresh_all(LINES)
    keep_assessment.bin_assessment(example.assessment)
    keep_assessment.restore_assessment(example.assessment)
    keep_members.rename_organisation(example.assessment.organisation, "Another name")
    assert not is_stale(example)


def test_an_answer_that_comes_while_judging_is_not_lost(example: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = refresh_standings._judge

    def judge_and_be_interrupted(keys: Iterable[UUID]) -> object:
        judged = judge(keys)
        Answer.objects.filter(offer=example, question="key_holder").update(value="customer_only")
        return judged

    with monkeypatch.context() as patched:
        patched.setattr(refresh_standings, "_judge", judge_and_be_interrupted)
        assert refresh_some(LINES) == 1
    assert is_stale(example)
    assert refresh_some(LINES) == 0
    assert_it_says_what_the_pages_say(example.assessment)


def test_never_more_are_judged_than_asked(example: Offer) -> None:
    for number in range(3):
        keep_assessment.create_assessment(
            organisation=example.assessment.organisation,
            edition=example.assessment.edition,
            name=str(number),
            reference_date=date(2026, 1, 1),
            by=None,
        )
    assert refresh_some(LINES, most=3) == 1
    assert refresh_some(LINES, most=3) == 0


def test_another_judge_marks_every_line(example: Offer) -> None:
    refresh_all(LINES)
    mark_judged_otherwise("default")
    assert not is_stale(example)
    LINES.update(judged_by="another")
    mark_judged_otherwise("default")
    assert is_stale(example)


def test_the_history_holds_each_verdict_once(example: Offer, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("refreshstandings")
    call_command("refreshstandings", all=True)
    (first,) = VerdictChange.objects.all()
    assert Verdict.from_key(first.verdict) == PortfolioLine.objects.get().verdict
    Answer.objects.filter(assessment=example.assessment).update(status="unanswered", value="")
    call_command("refreshstandings")
    first, second = VerdictChange.objects.all()
    assert second.verdict is None
    assert first.at < second.at <= timezone.now()
    assert "1 assessments judged again, 0 changed meanwhile" in capsys.readouterr().out
