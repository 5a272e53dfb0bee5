"""What a service could reach for a workload, from what its profile says."""

from __future__ import annotations

from datetime import date

import pytest

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import questions_behind
from checklists.core.judging.judge import judge
from checklists.core.profiles.shortlist import Prospect, Reach, Shortlist

DAY = date(2026, 11, 24)
WORKLOAD = {"data_category": Answer.of("health"), "health_hosting_scope": Answer.of("within_l1111_8")}
AMERICAN = {"contracting_entity_country": "US", "ultimate_parent_country": "US", "us_law_reach": "through_parent"}


@pytest.fixture(scope="module")
def shortlist(flagship: Edition) -> Shortlist:
    return Shortlist(flagship, WORKLOAD, DAY)


def blocking(flagship: Edition, prospect: Prospect) -> set[str]:
    """The questions read by the gates that may keep an offer below what is required."""
    derived = questions_behind(flagship)
    return {
        derived.get(name, name)
        for gate in flagship.gates.values()
        if gate.ceiling < prospect.required.best
        for name in _names(gate.when)
    }


def _names(condition: object) -> frozenset[str]:
    from checklists.core.editions.conditions import keys

    return keys(condition)  # type: ignore[arg-type]


def test_nothing_known_asks_for_what_decides_and_confirms_nothing(flagship: Edition, shortlist: Shortlist) -> None:
    prospect = shortlist.prospect({})
    assert prospect.reach is Reach.POSSIBLE
    assert prospect.to_confirm == ()
    assert prospect.to_ask
    assert set(prospect.to_ask) <= blocking(flagship, prospect)
    assert all(flagship.questions[key].scope == "offer" for key in prospect.to_ask)


def test_the_least_required_is_what_the_judge_requires(flagship: Edition, shortlist: Shortlist) -> None:
    assert shortlist.prospect({}).required == judge(flagship, WORKLOAD, DAY).required
    assert Shortlist(flagship, {}, DAY).prospect({}).required == judge(flagship, {}, DAY).required


def test_what_is_known_is_to_be_confirmed_and_no_longer_asked(shortlist: Shortlist) -> None:
    before, after = shortlist.prospect({}), shortlist.prospect(AMERICAN)
    assert set(after.to_confirm) <= set(AMERICAN)
    assert not set(after.to_ask) & set(AMERICAN)
    assert after.verdict.worst <= before.verdict.best


def test_an_answer_of_the_workload_is_not_changed_by_a_profile(shortlist: Shortlist) -> None:
    assert shortlist.prospect({"data_category": "none"}) == shortlist.prospect({})


def test_what_is_said_in_favour_raises_no_low_end(shortlist: Shortlist) -> None:
    unsaid = shortlist.prospect({})
    said = shortlist.prospect({"contracting_entity_country": "FR", "ultimate_parent_country": "FR"})
    assert said.verdict.worst <= unsaid.verdict.worst or said.verdict.worst == Verdict.UNACCEPTABLE
