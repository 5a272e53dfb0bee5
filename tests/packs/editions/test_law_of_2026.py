"""The flagship's laws and sources: in force from their day and not the day before, never a home page, and never
marked to be verified without the day this was last tried."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest

from checklists.core.editions.vocabulary import LegalStatus
from tests.core.made_frameworks import FLAGSHIP

FIRST_DAYS = {
    "sren_31": "2024-05-23",
    "sren_32": "2024-05-23",
    "sren_31_decree": "2026-04-14",
    "sren_32_decree": "2026-03-27",
    "csp_r1111_9_1": "2026-09-26",
    "circular_6519": "2026-02-05",
    "adequacy_br": "2026-01-26",
    "hds_2": "2024-11-16",
    "eudpr": "2018-12-11",
    "dora": "2025-01-17",
    "ehds_storage": "2029-03-26",
    "data_act_switching": "2025-09-12",
    "data_act_no_charges": "2027-01-12",
}
FIRST_DAYS_AFTER = {"adequacy_gb": "2031-12-27", "scc_2010": "2022-12-27", "privacy_shield": "2020-07-16"}
"""The first day on which the law is no longer in force."""
DECIDED_OTHERWISE = {"ce-hdh-2020", "ce-emc2-2024", "ce-emc2-2024-11", "ce-darwin-2025"}


@pytest.mark.parametrize(("key", "day"), FIRST_DAYS.items())
def test_a_law_is_in_force_on_its_day_and_not_the_day_before(key: str, day: str) -> None:
    first = date.fromisoformat(day)
    assert FLAGSHIP.laws[key].is_in_force(first)
    assert not FLAGSHIP.laws[key].is_in_force(first - timedelta(days=1))


@pytest.mark.parametrize(("key", "day"), FIRST_DAYS_AFTER.items())
def test_a_law_ends_on_the_day_it_ends(key: str, day: str) -> None:
    last = date.fromisoformat(day)
    assert FLAGSHIP.laws[key].is_in_force(last - timedelta(days=1))
    assert not FLAGSHIP.laws[key].is_in_force(last)


@pytest.mark.parametrize("key", ["digital_omnibus", "eu_cloud_ai_act"])
def test_a_proposal_is_never_law(key: str) -> None:
    assert FLAGSHIP.laws[key].status is LegalStatus.PROPOSED
    assert not FLAGSHIP.laws[key].is_in_force(date(2030, 1, 1))
    assert {FLAGSHIP.sources[source].status for source in FLAGSHIP.laws[key].sources} == {LegalStatus.PROPOSED}


def test_the_lapse_of_section_702_is_told_and_does_not_end_the_law() -> None:
    law = FLAGSHIP.laws["fisa_702"]
    assert law.is_in_force(date(2026, 11, 30))
    assert law.note is not None
    assert "12 June 2026" in law.note["en"]


def test_what_is_to_be_verified_says_when_this_was_last_tried() -> None:
    untold = [source.key for source in FLAGSHIP.sources.values() if source.verify and source.tried is None]
    untold += [law.key for law in FLAGSHIP.laws.values() if law.verify and law.tried is None]
    assert untold == []
    assert all(source.note for source in FLAGSHIP.sources.values() if source.verify)


def test_links_lead_to_a_text_and_not_to_a_home_page() -> None:
    homes = [source.key for source in FLAGSHIP.sources.values() if urlsplit(source.url).path in ("", "/")]
    searches = [source.key for source in FLAGSHIP.sources.values() if "/search" in source.url]
    assert homes + searches == []


def test_a_law_of_the_state_marked_sure_cites_a_text_that_was_read() -> None:
    """A law without the mark rests on one source at least that carries none."""
    for law in FLAGSHIP.laws.values():
        if not law.verify and law.kind != "adequacy":
            assert any(not FLAGSHIP.sources[key].verify for key in law.sources), law.key


def test_the_four_decisions_of_the_conseil_d_etat_are_there() -> None:
    assert FLAGSHIP.sources.keys() >= DECIDED_OTHERWISE


@pytest.mark.parametrize(
    ("gate", "day"),
    [("sren_sensitive", "2024-05-23"), ("sren_health_reach", "2026-03-27"), ("hds_in_progress", "2018-04-01")],
)
def test_a_gate_begins_with_the_law_it_rests_on(gate: str, day: str) -> None:
    """SREN 31 is in force since 23 May 2024; the contract terms of SREN 32 came with Decree 2026-209."""
    first = date.fromisoformat(day)
    assert FLAGSHIP.gates[gate].period.covers(first)
    assert not FLAGSHIP.gates[gate].period.covers(first - timedelta(days=1))
