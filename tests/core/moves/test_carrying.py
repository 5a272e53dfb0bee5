"""Answers carried to a newer edition: what means the same, what is read again, and undoing loses nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.editions.edition import Edition, Former, Question, read_question
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.moves.carrying import (
    Carried,
    Fate,
    Given,
    Reason,
    agreed,
    carry,
    means_the_same,
    undo,
    with_what_follows,
)
from tests.core.made_editions import Document, answers_to, editions, option, question, words

BASE = question("q", option("a", 4), option("b", 2))


def read(document: Document = BASE, **changes: object) -> Question:
    return read_question({**document, **changes})


def options(*documents: Document) -> dict[str, object]:
    return {"options": list(documents)}


A = Answer.of("a")


@pytest.mark.parametrize(
    ("changes", "answer", "fate", "reasons"),
    [
        ({}, A, Fate.CARRIED, ()),
        ({"weight": 7, "sources": ["other"], "harms": ["duty"]}, A, Fate.CARRIED, ()),
        ({"text": words("otherwise?")}, A, Fate.CONFIRM, (Reason.TEXT,)),
        ({"why": words("for another reason")}, A, Fate.CONFIRM, (Reason.HELP,)),
        ({"where": words("elsewhere")}, A, Fate.CONFIRM, (Reason.HELP,)),
        (options(option("a", 3), option("b", 2)), A, Fate.CONFIRM, (Reason.WORTH,)),
        (options(option("a", 4), option("b", 3)), A, Fate.CARRIED, ()),
        (options(option("a", 4, label=words("A!")), option("b", 2)), A, Fate.CONFIRM, (Reason.OPTION_WORDS,)),
        (options(option("a", 4), option("b", 2, label=words("B!"))), A, Fate.CONFIRM, (Reason.CHOICES,)),
        (options(option("a", 4), option("b", 2), option("c", 3)), A, Fate.CONFIRM, (Reason.CHOICES,)),
        (options(option("a", 4)), A, Fate.CONFIRM, (Reason.CHOICES,)),
        (options(option("b", 2), option("a", 4)), A, Fate.CARRIED, ()),
        (options(option("b", 2), option("c", 3)), A, Fate.ANSWER, (Reason.OPTION_GONE,)),
        ({"kind": "date", "options": [], "weight": 0}, A, Fate.ANSWER, (Reason.KIND,)),
        ({"scope": "workload"}, A, Fate.ANSWER, (Reason.SCOPE,)),
        ({}, Answer.unknown(), Fate.CARRIED, ()),
        ({"text": words("otherwise?")}, Answer.unknown(), Fate.CONFIRM, (Reason.TEXT,)),
        ({"text": words("otherwise?")}, Answer.not_applicable("why"), Fate.CONFIRM, (Reason.TEXT,)),
    ],
)
def test_what_becomes_of_an_answer(
    changes: dict[str, object], answer: Answer, fate: Fate, reasons: tuple[Reason, ...]
) -> None:
    assert carry(read(), read(**changes), answer) == Carried(fate, reasons)


def test_a_question_that_goes_keeps_its_answer_aside_and_one_that_comes_is_read_again() -> None:
    assert carry(read(), None, A) == Carried(Fate.GONE)
    assert carry(None, read(), A) == Carried(Fate.CONFIRM, (Reason.APPEARED,))
    assert carry(None, read(), Answer.of("z")) == Carried(Fate.ANSWER, (Reason.OPTION_GONE,))


def test_what_the_newer_edition_says_of_a_question_it_does_not_ask_is_told() -> None:
    merged, dropped = Former("q", "other", words("covered")), Former("q", None, words("useless"))
    assert carry(read(), None, A, former=merged) == Carried(Fate.GONE, (Reason.MERGED,), merged)
    assert carry(read(), None, A, former=dropped) == Carried(Fate.GONE, (Reason.DROPPED,), dropped)


def test_an_answer_that_the_offers_share_becomes_one_of_the_workload() -> None:
    once = read(scope="workload")
    assert carry(read(), once, A, agreed=True) == Carried(Fate.MOVED, (Reason.SCOPE,))
    assert carry(read(), once, A) == Carried(Fate.ANSWER, (Reason.SCOPE,))
    assert carry(once, read(), A, agreed=True) == Carried(Fate.ANSWER, (Reason.SCOPE,))
    fewer = read(scope="workload", **options(option("b", 2)))
    assert carry(read(), fewer, A, agreed=True) == Carried(Fate.ANSWER, (Reason.OPTION_GONE,))


def test_answers_agree_when_they_say_the_same() -> None:
    said = [("q", A), ("q", Answer.of("a")), ("r", A), ("r", Answer.of("b")), ("s", Answer.unknown())]
    assert agreed(said) == {"q", "s"}


@given(st.data())
@settings(deadline=None)
def test_an_answer_that_is_carried_is_still_an_answer(data: st.DataObject) -> None:
    older, newer = data.draw(editions()), data.draw(editions())
    for key, answer in data.draw(answers_to(older)).items():
        before, after = older.questions[key], newer.questions.get(key)
        carried = carry(before, after, answer)
        assert carry(before, before, answer) == Carried(Fate.CARRIED)
        if carried.fate in (Fate.CARRIED, Fate.CONFIRM):
            assert after is not None
            assert answer.value is None or answer.value in after.options
        if after is not None and means_the_same(before, after):
            assert carried == Carried(Fate.CARRIED)


keys = st.sampled_from(["q", "r", "s", "t"])
said = st.dictionaries(keys, st.sampled_from(["one", "two", "three"]))
SHAPES = (read(), read(text=words("otherwise?")), None)
asked = st.fixed_dictionaries({key: st.sampled_from(SHAPES) for key in ("q", "r", "s", "t")}).map(
    lambda all_: {key: shape for key, shape in all_.items() if shape}
)


@given(asked, asked, said)
def test_undoing_at_once_changes_nothing(older: dict[str, Question], newer: dict[str, Question], then: dict) -> None:
    undone = undo(older, newer, then, then)
    assert (undone.standing, undone.set_aside) == (then, {})


@given(asked, asked, said, said)
def test_undoing_loses_nothing_and_gives_back_what_changed(
    older: dict[str, Question], newer: dict[str, Question], then: dict[str, str], now: dict[str, str]
) -> None:
    undone = undo(older, newer, then, now)
    for key, value in now.items():
        assert value in (undone.standing.get(key), undone.set_aside.get(key))
    for key in older:
        if key not in newer or not means_the_same(older[key], newer[key]):
            assert undone.standing.get(key) == then.get(key)
        elif key in now:
            assert undone.standing[key] == now[key]
    assert undone.standing.keys() | undone.set_aside.keys() == then.keys() | now.keys()


CARRIED = Carried(Fate.CARRIED)
DERIVED = Carried(Fate.DERIVED, (Reason.DERIVED,))


def follows(flagship: Edition, *given: Given[str]) -> list[Carried]:
    return with_what_follows(flagship, given, date(2026, 11, 30))


def test_an_answer_that_contradicts_what_follows_from_the_others_is_told(flagship: Edition) -> None:
    parent = Given("one", "ultimate_parent_country", Answer.of("US"), CARRIED)
    reach = Given("one", "us_law_reach", Answer.of("none"), CARRIED)
    elsewhere = Given("other", "us_law_reach", Answer.of("none"), CARRIED)
    assert follows(flagship, parent, reach, elsewhere) == [CARRIED, DERIVED, CARRIED]
    reasoned = Given("one", "us_law_reach", Answer(AnswerStatus.ANSWERED, "none", "held by a trust"), CARRIED)
    assert follows(flagship, parent, reasoned) == [CARRIED, CARRIED]


def test_what_follows_is_drawn_from_the_answers_that_are_kept(flagship: Edition) -> None:
    dropped = Carried(Fate.ANSWER, (Reason.OPTION_GONE,))
    parent = Given("one", "ultimate_parent_country", Answer.of("US"), dropped)
    reach = Given("one", "us_law_reach", Answer.of("none"), CARRIED)
    assert follows(flagship, parent, reach) == [dropped, CARRIED]


def test_an_answer_of_the_assessment_is_derived_where_it_is_for_every_offer(flagship: Edition) -> None:
    reach = Given(None, "us_law_reach", Answer.of("none"), CARRIED)
    one, other = (Given(offer, "ultimate_parent_country", Answer.of("US"), CARRIED) for offer in ("one", "other"))
    elsewhere = Given("other", "ultimate_parent_country", Answer.of("FR"), CARRIED)
    assert follows(flagship, reach, one, other)[0] == DERIVED
    assert follows(flagship, reach, one, elsewhere)[0] == CARRIED
