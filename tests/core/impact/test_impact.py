"""How offers stand under another edition, and which changed parts make the difference."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.impact.blend import ChangedPart, Pair
from checklists.core.impact.causes import Aspect, Attribution, Causes, gravest, moves, stand
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from tests.core.made_editions import (
    Answers,
    Document,
    answers_to,
    chosen,
    concern,
    days,
    document,
    editions,
    gate,
    ladder,
    law,
    option,
    question,
    requirement,
    some_claimed,
    switch,
)
from tests.profiles import examples

DAY = date(2026, 1, 1)


def causes(before: Document, after: Document, answers: Answers, day: date = DAY) -> tuple[Aspect | None, Causes]:
    older, newer = Edition.from_document(before), Edition.from_document(after)
    old, new = stand(older, answers, day), stand(newer, answers, day)
    return gravest(old, new), Attribution(Pair(older, newer)).causes(answers, day, old, new)


def places(parts: tuple[ChangedPart, ...]) -> list[str]:
    return [part.place for part in parts]


def test_words_and_sources_change_nothing() -> None:
    before = document(ladder("a"))
    after = document(ladder("a", text={"fr": "Autre", "en": "Other"}), title={"fr": "Autre", "en": "Other"})
    assert Pair(Edition.from_document(before), Edition.from_document(after)).changed == ()


def test_a_level_changed_moves_the_score_of_those_who_chose_that_option() -> None:
    before = document(question("a", option("x", 4), option("y", 3)))
    after = document(question("a", option("x", 1), option("y", 3)))
    aspect, why = causes(before, after, chosen(a="x"))
    assert (aspect, places(why.alone), why.together) == (Aspect.SCORE, ["questions/a/options/x"], ())
    assert causes(before, after, chosen(a="y")) == (None, Causes())


def test_a_new_gate_on_a_new_question_is_told_by_the_gate_and_the_question_by_the_points() -> None:
    before = document(ladder("a"))
    after = document(
        ladder("a"), switch("safe"), gates=[gate("unsafe", {"not": {"is": {"safe": "yes"}}}, "conditional")]
    )
    aspect, why = causes(before, after, chosen(a="l4"))
    assert (aspect, places(why.alone)) == (Aspect.VERDICT, ["gates/unsafe"])


def test_two_gates_that_lower_the_verdict_are_both_told() -> None:
    before = document(switch("a"))
    gates = [gate("g", {"is": {"a": "yes"}}, "conditional"), gate("h", {"is": {"a": "yes"}}, "acceptable")]
    _aspect, why = causes(before, document(switch("a"), gates=gates), chosen(a="yes"))
    assert places(why.alone) == ["gates/g", "gates/h"]


def test_what_pulls_the_other_way_is_no_cause() -> None:
    lifted = {"thresholds": [{"below": 10, "ceiling": "unacceptable"}]}
    before = document(switch("a"), gates=[gate("old", {"is": {"a": "yes"}}, "acceptable")], **lifted)
    after = document(switch("a"), gates=[gate("new", {"is": {"a": "yes"}}, "unacceptable")], **lifted)
    _aspect, why = causes(before, after, chosen(a="yes"))
    assert places(why.alone) == ["gates/new"]


def test_changes_that_move_the_verdict_only_together_are_told_as_such() -> None:
    gates = [gate(key, {"is": {key: "yes"}}, "conditional") for key in ("a", "b")]
    before = document(switch("a"), switch("b"), switch("c"), gates=gates)
    lighter = [gate(key, {"is": {key: "yes"}}, "acceptable") for key in ("a", "b")]
    after = document(switch("a"), switch("b"), switch("c"), gates=[*lighter, gate("c", {"is": {"c": "yes"}})])
    _aspect, why = causes(before, after, chosen(a="yes", b="yes", c="no"))
    assert (why.alone, places(why.together)) == ((), ["gates/a", "gates/b"])


def test_a_question_and_what_reads_it_go_together() -> None:
    """A gate that read a question taken out is changed first: alone, the question's going would leave it open."""
    before = document(switch("a"), switch("b"), gates=[gate("g", {"any": [{"is": {"a": "no"}}, {"is": {"b": "no"}}]})])
    after = document(switch("b"), gates=[gate("g", {"is": {"b": "no"}})])
    aspect, why = causes(before, after, chosen(a="no", b="yes"))
    assert (aspect, places(why.alone)) == (Aspect.VERDICT, ["gates/g"])


def test_a_stricter_requirement_is_told_though_the_verdict_stands() -> None:
    before, after = (
        document(switch("a"), requirements=[requirement("r", least)]) for least in ("conditional", "sovereign")
    )
    aspect, why = causes(before, after, {})
    assert (aspect, places(why.alone)) == (Aspect.REQUIRED, ["requirements/r"])


def test_weights_and_concerns_and_laws_are_told() -> None:
    spread = [ladder("a"), ladder("b", concern="d")]
    before = document(*spread, concerns=[concern("c"), concern("d")])
    heavier = document(*spread, concerns=[concern("c", 9), concern("d")])
    answers = chosen(a="l4", b="l0")
    assert places(causes(before, heavier, answers)[1].alone) == ["concerns/c"]
    heavier = document(ladder("a"), ladder("a2"), ladder("b", concern="d"), concerns=[concern("c"), concern("d")])
    assert places(causes(before, heavier, answers)[1].alone) == ["questions/a2"]
    rests = [option("shielded", 4, regime="shield", lapsed_to="none"), option("none", 0)]
    running, ended = (
        document(question("a", *rests), laws=[law("shield", None, until)]) for until in (None, "2020-07-16")
    )
    assert places(causes(running, ended, chosen(a="shielded"))[1].alone) == ["laws/shield"]


def test_questions_that_swap_which_hangs_on_which_do_not_break_it() -> None:
    before = document(switch("a"), switch("b", applies={"is": {"a": "yes"}}))
    after = document(switch("a", applies={"is": {"b": "yes"}}), switch("b"))
    pair = Pair(Edition.from_document(before), Edition.from_document(after))
    swapped = [gate("g", {"is": {"b": "no"}})]
    after["gates"] = swapped
    assert len(pair.changed) == 2
    _aspect, why = causes(before, after, chosen(a="yes", b="no"))
    assert places(why.alone) == ["gates/g"]


@given(st.data())
@settings(deadline=None)
def test_a_standing_is_what_the_judge_finds(data: st.DataObject) -> None:
    edition, day = data.draw(editions()), data.draw(days)
    answers = some_claimed(data, data.draw(answers_to(edition)))
    found, told = judge(edition, answers, day), stand(edition, answers, day)
    assert (told.worst, told.established) == (found.verdict.worst, found.established)
    assert (told.low, told.high, told.required) == (found.score.low, found.score.high, found.required.worst)


@given(st.data())
@settings(max_examples=examples(60), deadline=None)
def test_every_move_has_a_cause_and_nothing_else_has(data: st.DataObject) -> None:
    older, newer, day = data.draw(editions()), data.draw(editions()), data.draw(days)
    answers: dict[str, Answer] = data.draw(answers_to(older)) | data.draw(answers_to(newer))
    answers = some_claimed(data, answers)
    pair = Pair(older, newer)
    before, after = stand(older, answers, day), stand(newer, answers, day)
    assert stand(pair.blend(frozenset()), answers, day) == before
    assert stand(pair.blend(frozenset(pair.changed)), answers, day) == after
    attribution = Attribution(pair)
    why = attribution.causes(answers, day, before, after)
    aspect = gravest(before, after)
    assert bool(why.alone or why.together) is bool(aspect)
    if aspect is None:
        return
    wanted = moves(before, after, aspect)
    for part in why.alone:
        made = moves(before, stand(pair.blend(pair.with_needed([part])), answers, day), aspect)
        assert any(made.get(end) == sign for end, sign in wanted.items()), part
    for part in why.together:
        whole = pair.with_needed(why.together)
        assert whole == frozenset(why.together)
        fewer = pair.without(part, whole)
        made = moves(before, stand(pair.blend(fewer), answers, day), aspect)
        assert any(made.get(end) != sign for end, sign in wanted.items()), part


def test_the_ends_are_told_by_their_sign() -> None:
    before = stand(Edition.from_document(document(switch("a"), thresholds=[])), {}, DAY)
    after = stand(
        Edition.from_document(
            document(switch("a"), thresholds=[], gates=[gate("g", {"is": {"a": "yes"}}, "conditional")])
        ),
        {},
        DAY,
    )
    assert moves(before, after, Aspect.VERDICT) == {"worst": -1}
    assert after.worst is Verdict.CONDITIONAL
