"""What a draft would change for 1,000 assessments: the time it takes, and what a page loses meanwhile."""

from __future__ import annotations

from random import Random
from threading import Event, Thread
from time import perf_counter

from django.db import connection
from django.test import Client

from checklists.core.judging.judge import judge
from checklists.models import Answer, Assessment, Offer, User
from checklists.services.drafts.edit_draft import change_part
from checklists.services.drafts.open_draft import open_draft
from checklists.services.impact.measure_impact import _with_answers, measure_waiting
from checklists.services.impact.queue import ask_impact, latest_result
from checklists.services.judging.judge_offer import edition_of

ASSESSMENTS = 1000
PARTS = 6
"""Parts that the draft changes: two gates, two weights, two levels."""


def populate(example: Offer, count: int) -> None:
    """Assessments of one offer each, no two answered alike."""
    random, source = Random(1), example.assessment
    questions = [question for question in edition_of(source).questions.values() if question.kind == "choice"]
    assessments = [
        Assessment(
            organisation=source.organisation,
            edition=source.edition,
            name=f"Benchmark {number}",
            reference_date=source.reference_date,
        )
        for number in range(count)
    ]
    offers = [Offer(assessment=assessment, name="Offer") for assessment in assessments]
    Assessment.objects.bulk_create(assessments)
    Offer.objects.bulk_create(offers)
    Answer.objects.bulk_create(
        Answer(
            assessment=offer.assessment,
            offer=None if question.scope == "workload" else offer,
            question=question.key,
            status="answered",
            value=random.choice(list(question.options)),
        )
        for offer in offers
        for question in questions
        if random.random() < 0.8
    )


def change(example: Offer, user: User) -> None:
    """A draft that moves nearly everybody: the hardest case, each move has to be explained."""
    draft = open_draft("cnil-hosting", example.assessment.edition, user)
    for gate in draft.parts.filter(family="gates")[:2]:
        change_part(gate, gate.body | {"ceiling": "conditional"}, user)
    scored = [row for row in draft.parts.filter(family="questions") if row.body["weight"]]
    for question in scored[:2]:
        change_part(question, question.body | {"weight": question.body["weight"] + 3}, user)
    for question in scored[2:4]:
        option = next(row for row in question.parts.all() if row.body.get("level") in (1, 2))
        change_part(option, option.body | {"level": option.body["level"] - 1}, user)
    ask_impact(draft, user)


def measuring_the_impact(example: Offer, user: User, browser: Client) -> None:
    populate(example, ASSESSMENTS)
    every = list(_with_answers(Assessment.objects.all(), None))
    start = perf_counter()
    for assessment, offers in every:
        for answers in offers:
            judge(edition_of(assessment), answers, assessment.reference_date)
    plain = perf_counter() - start
    change(example, user)
    page = f"/offers/{example.pk}/review/"
    quiet = sorted(_timed(browser, page) for _ in range(20))
    done = Event()

    def work() -> None:
        measure_waiting()
        connection.close()
        done.set()

    worker = Thread(target=work)
    start = perf_counter()
    worker.start()
    busy = []
    while not done.wait(0.5):
        busy.append(_timed(browser, page))
    worker.join()
    taken = perf_counter() - start
    result = latest_result(example.assessment.edition.drafts.latest("pk"))
    assert result is not None
    busy.sort()
    moved = result.summary["moved"]
    print(
        f"impact of {PARTS} parts on {result.total} offers, {moved} of which move: {taken:.1f} s (at most 30), "
        f"{taken / plain:.2f} x judging each once; a page meanwhile {busy[len(busy) // 2] / quiet[10]:.1f} x as slow"
    )


def _timed(browser: Client, address: str) -> float:
    start = perf_counter()
    assert browser.get(address).status_code == 200
    return perf_counter() - start
