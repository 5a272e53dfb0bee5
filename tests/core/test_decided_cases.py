"""The flagship edition, on the established facts, against what authorities decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checklists.core.answer import Answer
from checklists.core.edition import Edition
from checklists.core.judge import judge
from checklists.packs.safe_yaml import read_yaml

CASES: list[dict[str, Any]] = read_yaml((Path(__file__).parents[1] / "data" / "decided_cases.yaml").read_bytes())[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_established_facts_give_the_authoritys_verdict(flagship: Edition, case: dict[str, Any]) -> None:
    answers = {key: Answer.of(value) for key, value in case["facts"].items()}
    judgement = judge(flagship, answers, date.fromisoformat(case["reference_date"]))
    assert not [state.key for state in judgement.states.values() if state.invalid]
    assert judgement.verdict.best.key == case["expected"]
    assert judgement.verdict.worst <= judgement.verdict.best
