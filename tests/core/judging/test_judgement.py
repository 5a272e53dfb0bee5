"""A small edition on keys and United States law, judged by hand."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest

from checklists.core.editions.edition import Edition, EditionError
from checklists.core.editions.vocabulary import Harm, Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import FindingKind, Judgement
from tests.core.made_editions import (
    Answers,
    chosen,
    concern,
    document,
    edition,
    gate,
    ladder,
    law,
    option,
    question,
    requirement,
    switch,
    words,
)

DAY = date(2020, 10, 8)

KEYS = question(
    "key_holder",
    option("customer", 4),
    option("third_party", 3),
    option("host", 0),
    concern="keys",
    weight=3,
)
ROTATION = question("rotation", option("yearly", 4), option("never", 1), concern="keys", weight=1)
REACH = question(
    "us_reach",
    option("none", 4),
    option("subsidiary", 1),
    option("us_company", 0),
    concern="law",
    weight=1,
    harms=["read", "cut_off"],
)
TOOL = question(
    "tool",
    option("not_needed", 4),
    option("shield", 3, regime="shield", lapsed_to="no_tool"),
    option("no_tool", 0),
    concern="law",
    weight=1,
)
HEALTH = switch("health_data", concern="law", scope="workload")

HOSTING = edition(
    KEYS,
    ROTATION,
    REACH,
    TOOL,
    HEALTH,
    concerns=[concern("keys", 1), concern("law", 1)],
    laws=[law("shield", "2016-08-01", "2020-07-16")],
    thresholds=[{"below": 25, "ceiling": "unacceptable"}, {"below": 80, "ceiling": "acceptable"}],
    gates=[
        gate(
            "host_can_be_ordered_to_read",
            {"all": [{"is": {"key_holder": "host"}}, {"in": {"us_reach": ["subsidiary", "us_company"]}}]},
            "transition_only",
        ),
        gate("no_ground_for_transfer", {"is": {"tool": "no_tool"}}, "unacceptable", **{"from": "2018-05-25"}),
        gate("weak_rotation", {"not": {"at_least": {"rotation": 2}}}, "conditional", harms=["duty"]),
        gate("bill_of_tomorrow", {"is": {"us_reach": "us_company"}}, "unacceptable", status="proposed"),
    ],
    requirements=[
        requirement("everyone", "conditional"),
        requirement("health", "acceptable", {"is": {"health_data": "yes"}}),
        requirement("later", "sovereign", **{"from": "2030-01-01"}),
    ],
)

SOVEREIGN = chosen(key_holder="customer", rotation="yearly", us_reach="none", tool="not_needed", health_data="yes")


def judged(answers: Answers, day: date = DAY) -> Judgement:
    return judge(HOSTING, answers, day)


def told(judgement: Judgement) -> list[tuple[str, str, Fraction]]:
    return [(finding.kind.value, finding.key, finding.points) for finding in judgement.findings]


def test_keys_with_the_customer_and_no_reach_is_sovereign() -> None:
    judgement = judged(SOVEREIGN)
    assert (judgement.score.low, judgement.score.high, judgement.confidence) == (100, 100, 1)
    assert (judgement.verdict.worst, judgement.verdict.best) == (Verdict.SOVEREIGN, Verdict.SOVEREIGN)
    assert {finding.kind for finding in judgement.findings} == {FindingKind.STRENGTH}
    assert (judgement.required.worst, judgement.distance) == (Verdict.ACCEPTABLE, -1)


def test_keys_with_a_host_within_reach_is_for_a_transition_only() -> None:
    # keys: (3 x 0 + 1 x 4) / 4 / 4 = 25; law: (1 + 4) / 2 / 4 = 62.5; total 43.75
    judgement = judged({**SOVEREIGN, **chosen(key_holder="host", us_reach="subsidiary")})
    assert judgement.score.low == judgement.score.high == Fraction("43.75")
    assert judgement.verdict.worst is judgement.verdict.best is Verdict.TRANSITION_ONLY
    assert told(judgement) == [
        ("gate", "host_can_be_ordered_to_read", 0),
        ("shortfall", "key_holder", Fraction("37.5")),
        ("shortfall", "us_reach", Fraction("18.75")),
        ("strength", "rotation", 0),
        ("strength", "tool", 0),
    ]
    assert judgement.distance == Verdict.ACCEPTABLE - Verdict.TRANSITION_ONLY == 2
    first = judgement.findings[0]
    assert first.finding == words("finding of host_can_be_ordered_to_read")
    assert first.advice == words("advice of host_can_be_ordered_to_read")
    assert (first.sources, first.ceiling, first.harms) == (("text",), Verdict.TRANSITION_ONLY, (Harm.READ,))
    shortfall = judgement.findings[2]
    assert (shortfall.option, shortfall.concern) == ("subsidiary", "law")
    assert (shortfall.finding, shortfall.advice) == (words("found subsidiary"), words("mend subsidiary"))
    assert (shortfall.harms, shortfall.sources) == ((Harm.READ, Harm.CUT_OFF), ("text",))


def test_not_knowing_who_holds_the_keys_leaves_a_band() -> None:
    judgement = judged({**SOVEREIGN, "key_holder": Answer.unknown(), **chosen(us_reach="us_company")})
    # keys: 25 to 100; law: 50
    assert (judgement.score.low, judgement.score.high) == (Fraction("37.5"), 75)
    assert (judgement.verdict.worst, judgement.verdict.best) == (Verdict.TRANSITION_ONLY, Verdict.ACCEPTABLE)
    assert judgement.confidence == Fraction(1, 4) / 2 + Fraction(1, 2)
    assert told(judgement)[:3] == [
        ("possible_gate", "host_can_be_ordered_to_read", 0),
        ("shortfall", "us_reach", 25),
        ("doubt", "key_holder", Fraction("37.5")),
    ]
    possible = next(c for c in judgement.ceilings if c.gate == "host_can_be_ordered_to_read")
    assert (possible.holds, possible.open_questions) == (None, ("key_holder",))


def test_a_transfer_tool_struck_down_counts_as_no_tool() -> None:
    answers = {**SOVEREIGN, **chosen(tool="shield")}
    before, after = judged(answers, date(2020, 7, 15)), judged(answers, date(2020, 7, 16))
    assert (before.score.low, after.score.low) == (Fraction("93.75"), 75)
    assert (before.verdict.worst, after.verdict.worst) == (Verdict.SOVEREIGN, Verdict.UNACCEPTABLE)
    assert told(before)[0] == ("shortfall", "tool", Fraction("6.25"))
    assert told(after)[:3] == [("gate", "no_ground_for_transfer", 0), ("lapsed", "tool", 0), ("shortfall", "tool", 25)]
    lapsed, shortfall = after.findings[1:3]
    assert (lapsed.option, shortfall.option) == ("shield", "no_tool")
    assert after.states["tool"].lapsed_from == "shield"


def test_a_gate_has_no_effect_before_its_first_day() -> None:
    answers = {**SOVEREIGN, **chosen(tool="no_tool")}
    early, due = judged(answers, date(2018, 5, 24)), judged(answers, date(2018, 5, 25))
    assert (early.verdict.worst, due.verdict.worst) == (Verdict.ACCEPTABLE, Verdict.UNACCEPTABLE)
    assert early.score == due.score
    assert "no_ground_for_transfer" not in {ceiling.gate for ceiling in early.ceilings}


def test_a_proposal_never_counts_as_law() -> None:
    judgement = judged({**SOVEREIGN, **chosen(us_reach="us_company")})
    assert "bill_of_tomorrow" not in {ceiling.gate for ceiling in judgement.ceilings}
    assert judgement.verdict.worst is Verdict.ACCEPTABLE
    assert judgement.score.low == 75


def test_a_score_on_the_threshold_is_not_below_it() -> None:
    # law: 50; keys: (3 x 3 + 4) / 16 = 81.25: total 65.625. Then exactly 80 and just under, on one question
    assert judged({**SOVEREIGN, **chosen(key_holder="third_party", us_reach="us_company")}).score.low == Fraction(
        "65.625"
    )
    small = edition(
        ladder("q"), thresholds=[{"below": 25, "ceiling": "unacceptable"}, {"below": 75, "ceiling": "conditional"}]
    )
    worst = {n: judge(small, chosen(q=f"l{n}"), DAY).verdict.worst for n in range(5)}
    assert worst == {
        0: Verdict.UNACCEPTABLE,
        1: Verdict.CONDITIONAL,
        2: Verdict.CONDITIONAL,
        3: Verdict.SOVEREIGN,
        4: Verdict.SOVEREIGN,
    }


def test_an_empty_assessment_is_wide_open_and_establishes_nothing() -> None:
    judgement = judged({})
    assert (judgement.score.low, judgement.score.high, judgement.confidence) == (0, 100, 0)
    assert (judgement.verdict.worst, judgement.verdict.best) == (Verdict.UNACCEPTABLE, Verdict.SOVEREIGN)
    assert not judgement.is_established
    assert {finding.kind for finding in judgement.findings} == {FindingKind.POSSIBLE_GATE, FindingKind.DOUBT}


def test_a_certain_gate_is_established_even_when_the_rest_is_open() -> None:
    judgement = judged(chosen(key_holder="host", us_reach="us_company"))
    assert (judgement.verdict.worst, judgement.verdict.best) == (Verdict.UNACCEPTABLE, Verdict.TRANSITION_ONLY)
    assert judgement.is_established
    certainty = [ceiling.holds for ceiling in judgement.ceilings]
    assert certainty == sorted(certainty, key=[True, None, False].index)


@pytest.mark.parametrize(
    ("answers", "day", "least", "most"),
    [
        (chosen(health_data="no"), DAY, Verdict.CONDITIONAL, Verdict.CONDITIONAL),
        (chosen(health_data="yes"), DAY, Verdict.ACCEPTABLE, Verdict.ACCEPTABLE),
        ({}, DAY, Verdict.CONDITIONAL, Verdict.ACCEPTABLE),
        (chosen(health_data="no"), date(2030, 1, 1), Verdict.SOVEREIGN, Verdict.SOVEREIGN),
    ],
)
def test_the_workload_says_what_is_required(answers: Answers, day: date, least: Verdict, most: Verdict) -> None:
    required = judged(answers, day).required
    assert (required.worst, required.best) == (least, most)


def test_an_open_gate_names_a_question_that_is_asked_and_could_settle_it() -> None:
    hidden = edition(
        switch("in_group"),
        switch("us_parent", applies={"is": {"in_group": "yes"}}),
        ladder("other"),
        gates=[gate("reach", {"is": {"us_parent": "yes"}})],
    )
    for answers in (chosen(us_parent="yes"), {}):
        judgement = judge(hidden, answers, DAY)
        (reach,) = (ceiling for ceiling in judgement.ceilings if ceiling.gate)
        assert reach.holds is None
        assert reach.open_questions
        assert all(judgement.states[key].asked for key in reach.open_questions)


def test_the_account_is_plain_json_with_rounded_figures() -> None:
    judgement = judged({**SOVEREIGN, **chosen(key_holder="third_party", us_reach="us_company")})
    account = json.loads(judgement.to_bytes())
    assert account == judgement.to_document()
    assert account["score"] == {"low": 65.62, "high": 65.62}
    assert account["verdict"] == {"worst": "acceptable", "best": "acceptable"}
    assert account["edition"] == HOSTING.sha256
    assert account["reference_date"] == "2020-10-08"
    assert account["questions"]["us_reach"]["option"] == "us_company"
    assert account["confidence"] == 100


@pytest.mark.parametrize(
    ("parts", "told_of"),
    [
        ({"gates": [gate("g", {"is": {"q": "l0"}}, "splendid")]}, "SPLENDID"),
        ({"gates": [gate("g", {"sometimes": []})]}, "unknown operator 'sometimes'"),
        ({"published": "2020-02-30"}, "day is out of range"),
        ({"questions": [switch("a", applies={"is": {"a": "yes"}})]}, "depend on each other: a -> a"),
        ({"concerns": None}, "TypeError"),
        ({"thresholds": [{"below": 10, "ceiling": 3}]}, "small"),
    ],
)
def test_a_broken_document_is_refused_by_name(parts: dict[str, object], told_of: str) -> None:
    with pytest.raises(EditionError) as refused:
        Edition.from_document(document(ladder("q")) | parts)
    assert told_of in str(refused.value)


def test_equal_documents_have_one_fingerprint_whatever_the_order_of_their_fields() -> None:
    written = document(ladder("q"))
    other = dict(reversed(written.items()))
    assert Edition.from_document(other).sha256 == Edition.from_document(written).sha256
    assert Edition.from_document(written | {"number": 2}).sha256 != Edition.from_document(written).sha256


def test_a_question_that_does_not_apply_is_never_one_to_answer_before_a_gate() -> None:
    small = edition(
        switch("asked"),
        ladder("keys", applies={"is": {"asked": "yes"}}),
        ladder("law"),
        gates=[gate("both", {"any": [{"is": {"keys": "l0"}}, {"is": {"law": "l0"}}]})],
    )

    def open_of(**options: str) -> tuple[str, ...]:
        (ceiling,) = (c for c in judge(small, chosen(**options), date(2026, 1, 1)).ceilings if c.gate == "both")
        return ceiling.open_questions

    assert open_of(asked="no") == ("law",)
    assert open_of(asked="yes") == ("keys", "law")
    assert open_of() == ("asked", "law")
