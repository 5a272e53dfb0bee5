"""The flagship edition, on the established facts, against what authorities decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.decided_cases import DecidedCase, agreement, backtest
from checklists.packs.editions.cases import read_cases, shipped_cases
from checklists.packs.files.problems import PackError

GIVEN = read_cases(shipped_cases("cnil-hosting"))
OTHERS = read_cases((Path(__file__).parents[2] / "data" / "other_decided_cases.yaml").read_bytes())


@pytest.mark.parametrize("case", GIVEN, ids=lambda case: case.key)
def test_established_facts_give_the_authoritys_verdict(flagship: Edition, case: DecidedCase) -> None:
    (compared,) = backtest(flagship, [case])
    assert compared.ignored == ()
    assert compared.agrees
    assert compared.judgement.verdict.worst <= compared.judged <= compared.judgement.verdict.best


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: case.key)
def test_cases_the_rules_were_not_written_for_are_at_most_a_step_off(flagship: Edition, case: DecidedCase) -> None:
    (compared,) = backtest(flagship, [case])
    assert compared.ignored == ()
    assert compared.steps_off <= 1


def test_the_agreement_counts_every_case(flagship: Edition) -> None:
    exact, cases, far = agreement(backtest(flagship, [*GIVEN, *OTHERS]))
    assert cases == len(GIVEN) + len(OTHERS)
    assert far == 0
    assert exact >= len(GIVEN)


def test_a_fact_the_checklist_does_not_know_is_named_and_ignored(flagship: Edition) -> None:
    facts = "{colour: blue, key_holder: nobody, dpia: yes}"
    raw = f"- {{id: x, reference_date: 2024-01-01, expected: conditional, facts: {facts}}}".encode()
    (compared,) = backtest(flagship, read_cases(raw))
    assert set(compared.ignored) == {"colour", "key_holder", "dpia"}


def test_yes_and_no_without_quotes_are_read_as_meant() -> None:
    raw = b"- {id: x, reference_date: 2024-01-01, expected_any: [acceptable], facts: {host_change_required: no}}"
    (case,) = read_cases(raw)
    assert case.facts["host_change_required"].value == "no"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"nothing: here", "not a list of cases"),
        (b"- {id: x, reference_date: soon, expected: conditional, facts: {}}", "not a date"),
        (b"- {id: x, reference_date: 2024-01-01, expected: fine, facts: {}}", "not a verdict"),
        (b"- {id: x, reference_date: 2024-01-01, expected: conditional}", "has no facts"),
    ],
)
def test_a_file_that_cannot_be_judged_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(PackError, match=words):
        read_cases(raw)


def test_what_is_not_known_is_called_neither_acceptable_nor_sovereign(flagship: Edition) -> None:
    raw = b"- {id: x, reference_date: 2024-01-01, expected: conditional, facts: {data_category: personal}}"
    (compared,) = backtest(flagship, read_cases(raw))
    assert compared.judgement.verdict.best is Verdict.SOVEREIGN
    assert compared.judged is Verdict.CONDITIONAL
    assert compared.is_presumed
