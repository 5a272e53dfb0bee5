"""A sixth kind of question, made up here: its core half and its face are all it takes to answer it, show it, judge it,
carry it to another edition and report it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from checklists.core import kinds
from checklists.core.editions.conditions import Fact
from checklists.core.editions.edition import Edition, Question
from checklists.core.interview.likely import common_answers
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from checklists.core.moves.carrying import Carried, Fate, carry
from checklists.models import Answer as Row
from checklists.models import Offer, User
from checklists.packs.editions.checks import check
from checklists.packs.editions.schema import Pack
from checklists.services.assessments.keep_assessment import add_offer, create_assessment
from checklists.services.editions.publish_edition import publish_edition
from checklists.words import kinds as faces
from checklists.words.editions.conditions import catalogue
from checklists.words.editions.parts import choice_word
from tests.core.made_editions import document, edition, gate, ladder, question

DAY = date(2026, 11, 1)
FLOOR = [{"below": 10, "ceiling": "conditional"}]


@dataclass(frozen=True)
class Count:
    number: int

    def facts(self) -> Mapping[str, Fact]:
        return {"people_abroad": Fact(str(self.number), self.number)}


class Headcount(kinds.Kind):
    """How many people: a whole number, which gates compare."""

    key = "headcount"
    wrong = "Write a whole number of people."
    numbers = ("people_abroad",)

    def is_valid(self, question: Question, value: str) -> bool:
        return value.isascii() and value.isdecimal()

    def derive(self, edition: Edition, value: str, day: date) -> Count:
        return Count(int(value))


class HeadcountFace(faces.Face):
    key = "headcount"
    name = "a number of people"
    radio = "This many:"
    written = "the number written below"
    heading = "People abroad"
    section = "made_up/headcount.html"
    chapter = "People abroad"
    needs = "headcount"
    facts = {"people_abroad": "people abroad who read the data"}

    def said(self, question: Question, value: str) -> str:
        return f"{value} people"

    def field(self) -> forms.Field:
        return forms.CharField(label="People", required=False)

    def read(self, typed: str) -> str:
        return typed.replace(" ", "")

    def context(self, edition: Edition, judgement: Judgement, value: str) -> dict[str, Any]:
        return {"headcount": value}


@pytest.fixture(autouse=True)
def sixth_kind(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Its two halves, and the two templates it names."""
    for place, words in (("made_up", "On screen"), ("documents/chapters", "On paper")):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "headcount.html").write_text(words + ": {{ headcount }} abroad")
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    kinds.register(Headcount())
    faces.register(HeadcountFace())
    yield
    faces.unregister("headcount")
    kinds.unregister("headcount")


def parts(**more: Any) -> dict[str, Any]:
    many = gate("many_abroad", {"at_least": {"people_abroad": 10}}, "transition_only")
    return document(
        ladder("keys"), question("staff", kind="headcount", options=[]), gates=[many], thresholds=FLOOR, **more
    )


def judged(value: str | None, claimed: bool = False) -> Judgement:
    answers = {"keys": Answer.of("l4")}
    if value is not None:
        answers["staff"] = replace(Answer.of(value), claimed=claimed)
    return judge(Edition.from_document(parts()), answers, DAY)


def test_what_is_derived_from_the_answer_decides_the_verdict() -> None:
    assert judged("9").verdict.worst.key == judged("9").verdict.best.key == "sovereign"
    assert judged("10").verdict.best.key == "transition_only"
    open_ = judged(None)
    assert (open_.verdict.worst.key, open_.verdict.best.key) == ("transition_only", "sovereign")
    assert next(ceiling for ceiling in open_.ceilings if ceiling.gate).open_questions == ("staff",)
    assert judged("9", claimed=True).verdict.worst.key == "transition_only"
    assert judged("many").states["staff"].invalid


def test_a_pack_may_ask_it_once_and_its_conditions_read_what_is_derived() -> None:
    pack = Pack.model_validate(parts())
    assert check(pack) == []
    twice = document(
        *(question(key, kind="headcount", options=[]) for key in ("staff", "others")), ladder("keys"), thresholds=FLOOR
    )
    assert [problem.place for problem in check(Pack.model_validate(twice))] == ["questions/others/kind"]
    compared = parts(requirements=[])
    compared["gates"][0]["when"] = {"is": {"staff": "10"}}
    assert [problem.place for problem in check(Pack.model_validate(compared))] == ["gates/many_abroad/when"]
    assert catalogue(parts())["people_abroad"].label == "people abroad who read the data"
    assert choice_word("headcount") == "a number of people"


def test_an_answer_is_carried_to_the_next_edition_while_it_stays_one() -> None:
    older = Edition.from_document(parts()).questions["staff"]
    assert carry(older, older, Answer.of("12")) == Carried(Fate.CARRIED)
    newer = edition(ladder("staff")).questions["staff"]
    assert carry(older, newer, Answer.of("12")).fate is Fate.ANSWER
    assert "staff" not in common_answers(Edition.from_document(parts()), [])


@pytest.fixture
def offer(officer: User) -> Offer:
    published = publish_edition(Pack.model_validate(parts()))[0]
    assessment = create_assessment(
        organisation=officer.organisations.get(), edition=published, name="Registry", reference_date=DAY, by=officer
    )
    return add_offer(assessment, name="Cloud", provider="Provider", is_current=False)


def send(desk: Client, offer: Offer, value: str, revision: int = 0) -> Any:
    sent = {"q-staff-answer": "given", "q-staff-value": value, "q-staff-revision": str(revision)}
    return desk.post(f"/offers/{offer.pk}/answers/staff/", sent, headers={"HX-Request": "true"})


def test_it_is_answered_on_its_card_and_shown_wherever_answers_are(desk: Client, offer: Offer) -> None:
    refused = send(desk, offer, "a dozen")
    assert refused.status_code == 422
    assert "Write a whole number of people." in refused.content.decode()
    assert send(desk, offer, "1 200").status_code == 200
    assert Row.objects.get(question="staff").value == "1200"
    card = desk.get(reverse("concern", args=[offer.pk, "c"])).content.decode()
    assert "This many:" in card
    assert 'value="1200"' in card
    assert "1200 people" in desk.get(f"/offers/{offer.pk}/review/").content.decode()


def test_the_result_and_the_report_have_its_part(desk: Client, offer: Offer) -> None:
    send(desk, offer, "12")
    index = desk.get(f"/offers/{offer.pk}/result/understand/").content.decode()
    assert "People abroad" in index
    section = desk.get(f"/offers/{offer.pk}/result/understand/headcount/").content.decode()
    assert "On screen: 12 abroad" in section
    report = desk.get(f"/offers/{offer.pk}/report/?language=en&format=html").content.decode()
    assert "On paper: 12 abroad" in report
    assert "12 people" in report
    assert 'href="#headcount"' in report


def test_a_kind_and_what_it_derives_have_one_name() -> None:
    with pytest.raises(ValueError, match="already"):
        kinds.register(Headcount())
    with pytest.raises(ValueError, match="already"):
        faces.register(HeadcountFace())

    class Again(Headcount):
        key = "again"

    with pytest.raises(ValueError, match="people_abroad"):
        kinds.register(Again())


def test_every_kind_has_a_face() -> None:
    assert {kind.key for kind in kinds.kinds()} == {face.key for face in faces.faces()}
    for face in faces.faces():
        assert face.facts.keys() == set(face.kind.facts)
