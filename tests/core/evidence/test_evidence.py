"""What an answer rests on, on a day; and gates that ask for evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.core.changing.smallest import prospects
from checklists.core.changing.what_if import WhatIf
from checklists.core.editions.conditions import EvidenceAtLeast, Fact, evaluate, parse
from checklists.core.editions.vocabulary import Verdict
from checklists.core.evidence import Backing, Proof, Strength, backing
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.packs.editions.advice import advise
from checklists.packs.editions.checks import check
from checklists.packs.editions.schema import Pack
from tests.core.made_editions import document, edition, gate, ladder, switch

DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
CLAIM, DOCUMENT, SEEN = Strength

days = st.none() | st.dates(DAY - timedelta(days=400), DAY + timedelta(days=400))
proofs = st.lists(st.builds(Proof, st.sampled_from(Strength), days, days), max_size=5)


@pytest.mark.parametrize(
    ("given_", "held", "expected"),
    [
        ([], False, Backing()),
        ([], True, Backing(claimed=True)),
        ([Proof(CLAIM)], False, Backing(CLAIM, claimed=True)),
        ([Proof(CLAIM), Proof(DOCUMENT)], False, Backing(DOCUMENT)),
        ([Proof(DOCUMENT), Proof(SEEN)], True, Backing(SEEN)),
        ([Proof(DOCUMENT, None, DAY)], False, Backing(DOCUMENT)),
        ([Proof(DOCUMENT, None, YESTERDAY)], False, Backing(None, claimed=True, ended=YESTERDAY)),
        ([Proof(DOCUMENT, None, YESTERDAY), Proof(CLAIM)], False, Backing(CLAIM, claimed=True, ended=YESTERDAY)),
        ([Proof(DOCUMENT, DAY + timedelta(1))], False, Backing(None, claimed=True)),
        ([Proof(CLAIM, None, YESTERDAY)], False, Backing(None, claimed=True)),
    ],
)
def test_an_answer_rests_on_its_strongest_valid_evidence(given_: list[Proof], held: bool, expected: Backing) -> None:
    assert backing(given_, DAY, held=held) == expected


@given(proofs, proofs, st.booleans())
def test_more_evidence_never_weakens_what_some_already_shows(some: list[Proof], more: list[Proof], held: bool) -> None:
    before, after = backing(some, DAY, held=held), backing([*some, *more], DAY, held=held)
    if some:
        assert after.claimed <= before.claimed
    assert (after.strength or 0) >= (before.strength or 0)
    assert backing(list(reversed(some)), DAY, held=held) == before


@given(proofs)
def test_to_hold_answers_to_evidence_changes_only_those_without_any(some: list[Proof]) -> None:
    held, free = backing(some, DAY, held=True), backing(some, DAY, held=False)
    assert held == free if some else (held.claimed and not free.claimed)


def test_its_end_is_told_ninety_days_ahead_and_not_after() -> None:
    proof = Proof(DOCUMENT, None, DAY)
    assert not proof.is_ending(DAY - timedelta(91))
    assert proof.is_ending(DAY - timedelta(89))
    assert proof.is_ending(DAY)
    assert not proof.is_ending(DAY + timedelta(1))


NEEDS_DOCUMENT = {"all": [{"is": {"qualified": "yes"}}, {"evidence_at_least": {"qualified": "document"}}]}


def test_a_gate_may_ask_for_evidence() -> None:
    unshown = gate("unshown", {"not": NEEDS_DOCUMENT}, "conditional")
    small = edition(switch("qualified"), gates=[unshown], thresholds=[])

    def holds(answer: Answer | None) -> bool | None:
        answers = {"qualified": answer} if answer else {}
        return next(c.holds for c in judge(small, answers, DAY).ceilings if c.gate)

    said = Answer.of("yes")
    assert holds(None) is None
    assert holds(said) is True
    assert holds(Answer(said.status, "yes", claimed=True, strength=CLAIM)) is True
    assert holds(Answer(said.status, "yes", strength=DOCUMENT)) is False
    assert holds(Answer(said.status, "yes", strength=SEEN)) is False
    reached = next(p for p in prospects(small, {"qualified": said}, DAY) if p.target is Verdict.SOVEREIGN)
    assert [(step.question, step.shows, step.effort) for step in reached.plans[0].steps] == [("qualified", True, 1)]
    assert WhatIf(small, {"qualified": said}, DAY).today.gates == {"unshown": True}


@pytest.mark.parametrize("strength", [None, *Strength])
def test_evidence_of_an_answer_nobody_gave_is_not_known(strength: Strength | None) -> None:
    condition = parse({"evidence_at_least": {"q": "document"}})
    assert condition == EvidenceAtLeast("q", DOCUMENT)
    assert evaluate(condition, {}) is None
    assert evaluate(condition, {"q": Fact("a", applies=False, strength=strength)}) is False
    assert evaluate(condition, {"q": Fact("a", strength=strength)}) is (strength is not None and strength > CLAIM)
    assert evaluate(condition, {"q": Fact("a", applies=None, strength=SEEN)}) is None


def problems(**parts: object) -> list[str]:
    pack = Pack.model_validate(document(switch("leaving"), ladder("keys"), **{"thresholds": [], **parts}))
    return [problem.message for problem in [*check(pack), *(p for p in advise(pack) if not p.is_warning)]]


def test_a_pack_with_such_a_gate_is_accepted_and_a_senseless_one_is_told() -> None:
    shown = {"evidence_at_least": {"leaving": "demonstrated"}}
    assert problems(gates=[gate("g", {"not": shown})]) == []
    assert problems(gates=[gate("g", {"evidence_at_least": {"law:none": "claim"}})])
    assert problems(gates=[gate("g", {"evidence_at_least": {"leaving": "sworn"}})])
    asked = Pack.model_validate(document(switch("leaving"), switch("then", applies=shown)))
    assert any("cannot hang on evidence" in problem.message for problem in check(asked))
