"""The flagship edition, on the established facts, against what authorities decided."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from checklists.core.backtest import Comparison, DecidedCase, agreement, backtest
from checklists.core.edition import Edition
from checklists.core.words import Verdict
from checklists.packs.cases import read_cases, shipped_cases
from checklists.packs.problems import PackError

SHIPPED = read_cases(shipped_cases("cnil-hosting"))
OTHERS = read_cases((Path(__file__).parents[1] / "data" / "other_decided_cases.yaml").read_bytes())
CASE = "- id: one\n  reference_date: {day}\n  facts: {facts}\n  expected: {expected}\n"


def case(facts: str, expected: str = "unacceptable", day: str = "2022-02-10") -> bytes:
    return CASE.format(facts=facts, expected=expected, day=day).encode()


def compare(flagship: Edition, raw: bytes) -> Comparison:
    return backtest(flagship, read_cases(raw))[0]


@pytest.mark.parametrize("decided", [*SHIPPED, *OTHERS], ids=lambda case: case.key)
def test_established_facts_give_the_authoritys_verdict(flagship: Edition, decided: DecidedCase) -> None:
    comparison = backtest(flagship, [decided])[0]
    assert comparison.ignored == ()
    assert comparison.agrees, (comparison.judged, comparison.deciding_gate)
    band = comparison.judgement.verdict
    assert band.worst <= comparison.judged <= band.best


@pytest.mark.parametrize("decided", SHIPPED, ids=lambda case: case.key)
def test_the_shipped_cases_speak_both_languages(decided: DecidedCase) -> None:
    for text in (decided.title, decided.authority, decided.source, decided.note):
        assert text["fr"]
        assert text["en"]


def test_yes_no_and_dates_are_read_quoted_or_not(flagship: Edition) -> None:
    facts = "{data_category: health, host_change_required: %s, transition_end: %s, ultimate_parent_country: NO}"
    quoted = compare(flagship, case(facts % ('"yes"', '"2022-11-19"')))
    plain = compare(flagship, case(facts % ("yes", "2022-11-19")))
    true = compare(flagship, case(facts % ("true", "2022-11-19")))
    assert quoted.judgement.to_bytes() == plain.judgement.to_bytes() == true.judgement.to_bytes()
    assert plain.ignored == ()


def test_facts_the_checklist_does_not_know_are_named_and_left_aside(flagship: Edition) -> None:
    comparison = compare(flagship, case("{data_category: health, colour: blue, key_holder: nobody}"))
    assert comparison.ignored == ("colour", "key_holder")


def test_any_of_several_verdicts_may_be_expected(flagship: Edition) -> None:
    raw = case("{data_category: health}").replace(b"expected:", b"expected_any: [sovereign, conditional] #")
    comparison = compare(flagship, raw)
    assert comparison.judged is Verdict.CONDITIONAL
    assert comparison.agrees


def test_nothing_known_is_never_called_sovereign_nor_acceptable(flagship: Edition) -> None:
    comparison = compare(flagship, case("{data_category: personal}"))
    assert comparison.judgement.verdict.best is Verdict.SOVEREIGN
    assert comparison.judged is Verdict.CONDITIONAL
    assert comparison.is_presumed


def test_a_miss_by_two_steps_is_counted_apart(flagship: Edition) -> None:
    raw = case("{data_category: personal}", "unacceptable") + case("{data_category: personal}", "conditional")
    assert agreement(backtest(flagship, read_cases(raw))) == (1, 2, 1)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"nothing: here", "not a list of cases"),
        (b"- 3", "not a mapping"),
        (case("3"), "no facts"),
        (case("{}", day="someday"), "'someday' is not a date"),
        (case("{}", expected="fine"), "'fine' is not a verdict"),
        (case("{}", expected=""), "no expected verdict"),
    ],
)
def test_a_broken_file_says_what_is_wrong_and_where(raw: bytes, said: str) -> None:
    with pytest.raises(PackError, match=said):
        read_cases(raw)


def test_the_command_ends_with_the_agreement(tmp_path: Path) -> None:
    out = StringIO()
    call_command("backtest", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[-1] == f"agreement: {len(SHIPPED)}/{len(SHIPPED)} exact, 0 off by more than one step"
    assert "clear_text_transfer" in next(line for line in lines if line.startswith("ga-cnil-2022"))

    path = tmp_path / "cases.yaml"
    path.write_bytes(case("{colour: blue}", "sovereign") + b"  mood: good\n")
    out = StringIO()
    call_command("backtest", str(path), stdout=out)
    assert out.getvalue().splitlines()[-2:] == [
        "one: not understood and left aside: colour, mood",
        "agreement: 0/1 exact, 1 off by more than one step",
    ]


def test_the_command_refuses_a_file_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("backtest", str(tmp_path / "absent.yaml"))
