"""The shipped frameworks against the texts they restate: thresholds, numbers of requirements, names, dates, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from checklists.core.control_chain import Chain, Entity, Link
from checklists.core.judging.answer import Answer
from checklists.packs.files.problems import PackError
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS
from checklists.packs.frameworks.reader import read_framework
from tests.core.made_frameworks import FLAGSHIP, FRAMEWORKS, PACKS, SOVEREIGN_HOST, outcomes, read

SECNUMCLOUD, HDS = "secnumcloud-19-6", "hds-2"
LONGEST_SENTENCE = 25
"""Words of the longest sentence of a text under test."""


def held_by(*shares: tuple[str, str], veto: bool = False) -> Answer:
    """A French provider with such shareholders: (country, share as typed); the rest is French."""
    entities = [Entity("A", "Provider", "FR", "contracting", closed=True)]
    links = []
    for letter, (country, typed) in zip("BCDEF", shares, strict=False):
        entities.append(Entity(letter, f"Company {letter}", country, "shareholder", closed=True))
        links.append(Link(letter, "A", typed, typed, veto=veto))
    return Answer.of(Chain(tuple(entities), tuple(links)).to_text())


def letter_b(chain: Answer) -> str:
    without = {key: answer for key, answer in SOVEREIGN_HOST.items() if not key.endswith(("_country", "_reach"))}
    return outcomes(read(SECNUMCLOUD, {**without, "control_chain": chain}))["b"]


@pytest.mark.parametrize(
    ("shares", "outcome"),
    [
        ([("US", "24")], "met"),
        ([("US", "24.00")], "met"),
        ([("US", "24,00")], "met"),
        ([("US", "24.01")], "not_met"),
        ([("US", "24.5")], "not_met"),
        ([("US", "20"), ("CN", "19")], "met"),
        ([("US", "20.00"), ("CN", "19.00")], "met"),
        ([("US", "20"), ("CN", "19.01")], "not_met"),
        ([("US", "19.75"), ("CN", "19.75")], "not_met"),
        ([("DE", "49")], "met"),
        ([("NO", "24.01")], "not_met"),
    ],
)
def test_letter_b_fails_strictly_above_24_percent_alone_and_39_together(
    shares: list[tuple[str, str]], outcome: str
) -> None:
    """19.6 b); Norway is in the Economic Area and outside the Union."""
    assert letter_b(held_by(*shares)) == outcome


def test_letter_b_fails_on_a_veto_whatever_the_share() -> None:
    assert letter_b(held_by(("US", "1"), veto=True)) == "not_met"


@pytest.mark.parametrize(
    ("country", "places", "outcome"),
    [
        ("FR", "both_in_union", "met"),
        ("FR", "one_outside", "not_met"),
        ("US", "both_in_union", "not_met"),
        ("NO", "both_in_union", "not_met"),
        ("FR", None, "not_established"),
    ],
)
def test_letter_a_wants_all_three_places_in_the_union(country: str, places: str | None, outcome: str) -> None:
    answers = {**SOVEREIGN_HOST, "contracting_entity_country": Answer.of(country)}
    answers["provider_places_in_union"] = Answer.of(places) if places else Answer.unknown()
    assert outcomes(read(SECNUMCLOUD, answers))["a"] == outcome


@pytest.mark.parametrize(
    ("technical", "outcome"), [("none", "met"), ("technical_data_only", "not_met"), ("content", "not_met")]
)
def test_letter_c_covers_companies_of_the_union_controlled_from_outside(technical: str, outcome: str) -> None:
    """Such a company is under third-country law: keys kept from it do not keep technical data from it."""
    answers = {**SOVEREIGN_HOST, "us_law_reach": Answer.of("through_subcontractor")}
    answers["third_company_technical_data"] = Answer.of(technical)
    assert outcomes(read(SECNUMCLOUD, answers))["c"] == outcome


def test_letter_f_asks_for_notice_within_a_month_and_nothing_else() -> None:
    answers = {**SOVEREIGN_HOST, "change_of_control_notice": Answer.of("none")}
    assert outcomes(read(SECNUMCLOUD, answers))["f"] == "met"


def test_the_requirements_of_hds_carry_their_numbers() -> None:
    assert [rule.ref for rule in FRAMEWORKS[HDS].rules] == ["28", "29", "30", "31"]


@pytest.mark.parametrize(
    ("basis", "outcome"),
    [("no", "not_met"), ("yes", "not_met"), ("safeguards", "met"), ("adequacy", "met")],
)
def test_remote_access_needs_a_legal_basis_not_a_declaration(basis: str, outcome: str) -> None:
    answers = {**SOVEREIGN_HOST, "remote_access_from_third_country": Answer.of("content")}
    answers["remote_access_declared"] = Answer.of(basis)
    assert outcomes(read(HDS, answers))["29"] == outcome


@pytest.mark.parametrize(("stated", "outcome"), [("no", "not_met"), ("customer_only", "met"), ("published", "met")])
def test_third_country_law_is_stated_in_the_contract(stated: str, outcome: str) -> None:
    answers = {**SOVEREIGN_HOST, "us_law_reach": Answer.of("through_parent")}
    answers["third_country_law_published"] = Answer.of(stated)
    assert outcomes(read(HDS, answers))["30"] == outcome


def test_level_three_has_a_name_for_each_text() -> None:
    labels = {key: FRAMEWORKS[key].seals[3][0]["en"] for key in ("eu-csf-2025-10", "eu-csf-2026-06")}
    assert labels == {
        "eu-csf-2025-10": "Level 3: digital resilience",
        "eu-csf-2026-06": "Level 3: technological sovereignty",
    }


LOWEST = {"key_holder": 0, "access_logging": 0, "deletion_proof": 0, "storage_location": 0,
          "ai_models_control": 2, "us_law_reach": 1, "other_third_country_reach": 1, "autonomous_operation": 0,
          "change_of_control_notice": 4, "eu_financing": 4, "eu_investment": 4, "eu_initiatives": 4}  # fmt: skip
"""The lowest level of the criterion in the calculator, where its transcriptions agree."""


@pytest.mark.parametrize("key", ["eu-csf-2025-10", "eu-csf-2026-06"])
def test_the_lowest_levels_are_those_of_the_calculator(key: str) -> None:
    criteria = [criterion for objective in FRAMEWORKS[key].objectives for criterion in objective.criteria]
    found = {c.question: min(worth.seal for worth in c.worth) for c in criteria if c.question in LOWEST}
    assert found == {question: level for question, level in LOWEST.items() if question in found}
    assert len(found) >= len(LOWEST) - 1


def texts(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for language in ("fr", "en"):
            if isinstance(node.get(language), str):
                yield f"{place}/{language}", node[language]
        for name, value in node.items():
            yield from texts(value, f"{place}/{node.get('key', name)}" if isinstance(value, str) else f"{place}/{name}")
    elif isinstance(node, list):
        for item in node:
            yield from texts(item, place)


def longest(text: str) -> int:
    """Words of the longest sentence; what stands in brackets is read apart."""
    plain = re.sub(r"\([^)]*\)", "", text)
    return max(len(re.findall(r"[\w’'-]+", part)) for part in re.split(r"[.?!]\s", plain))


@pytest.mark.parametrize("key", SHIPPED_FRAMEWORKS)
def test_no_sentence_is_too_long(key: str) -> None:
    lengths = {place: longest(text) for place, text in texts(PACKS[key].to_document())}
    assert {place: words for place, words in lengths.items() if words > LONGEST_SENTENCE} == {}


@pytest.mark.parametrize("key", SHIPPED_FRAMEWORKS)
def test_french_follows_french_typography(key: str) -> None:
    found = texts(PACKS[key].to_document())
    wrong = [text for place, text in found if place.endswith("/fr") and re.search(r" [;:?!»%]|« |'", text)]
    assert wrong == []


@pytest.mark.parametrize("key", SHIPPED_FRAMEWORKS)
def test_each_source_leads_to_a_text_and_says_when_it_was_read(key: str) -> None:
    for source in FRAMEWORKS[key].sources.values():
        assert urlsplit(source.url).path not in ("", "/"), source.key
        assert source.tried == date(2026, 11, 30), source.key
        assert source.reading or source.verify, source.key
    assert not re.search("could not (be )?read|n’a(vons)? pas pu", str(PACKS[key].caveat))


def test_an_older_edition_may_lack_what_a_framework_reads() -> None:
    """There it is never known; on the edition it was written on, or a later one, it is a slip of the pen."""
    document = PACKS[HDS].model_dump(by_alias=True, mode="json", exclude_defaults=True)
    document["edition"] = FLAGSHIP.number
    document["rules"][0]["met"] = {"all": [{"is": {"storage_location": "eu"}}, {"is": {"asked_later": "yes"}}]}
    raw = yaml.safe_dump(document).encode()
    with pytest.raises(PackError, match="asked_later"):
        read_framework(raw, FLAGSHIP)
    older = replace(FLAGSHIP, number=FLAGSHIP.number - 1)
    assert read_framework(raw, older).key == HDS
    document["rules"][0]["met"] = {"is": ["unreadable"]}
    with pytest.raises(PackError, match="rules/storage/met"):
        read_framework(yaml.safe_dump(document).encode(), older)
