"""Ownership statements (BODS 0.4) into a control chain and out: nothing counted twice, no name of a person kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import bods_fixtures
import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.control_chain import Chain, Entity, Link, Role, derive, read_chain
from checklists.files.control_chain import (
    LETTERS,
    OwnershipRefused,
    chain_of_statements,
    read_ownership,
    statements_of,
)
from tests.profiles import examples

DAY = date(2026, 11, 30)
SHAPES = sorted((Path(__file__).parents[2] / "data" / "ownership").glob("*.json"))
"""The shapes of the nineteen examples of the standard: structure, countries and shares as there, names our own."""


def read(raw: bytes, day: date = DAY) -> tuple[Chain, list[str]]:
    with override("en"):
        found = chain_of_statements(raw, day.isoformat())
    return read_chain(found["chain"]), found["notes"]


def holdings(chain: Chain) -> set[tuple[str, str, str, str]]:
    return {(link.holder, link.held, link.capital, link.votes) for link in chain.links}


def of(name: str) -> tuple[Chain, list[str]]:
    return read(next(path for path in SHAPES if path.stem == name).read_bytes())


def test_nineteen_shapes_of_the_standard_are_read() -> None:
    assert len(SHAPES) == 19
    for path in SHAPES:
        chain, _notes = read(path.read_bytes())
        assert chain.entities
        assert "Person " not in chain.to_text()


@pytest.mark.parametrize("name", bods_fixtures.list_cases())
def test_the_fixtures_of_the_community_are_read(name: str) -> None:
    statements = bods_fixtures.load(name).statements
    chain, notes = read(json.dumps(statements).encode())
    assert chain.entities
    if "anonymous" in name:
        assert any("subjectUnableToConfirmOrIdentifyBeneficialOwner" in note for note in notes)
        assert not chain.links
    if "circular" in name:
        assert len(chain.links) == 2
        assert any(str(problem.fault) == "closed_circle" for problem in derive(chain, DAY, {}).problems)


EXPECTED = {
    "bods-package-fi-soe": {("B", "A", "76.5", ""), ("C", "A", "23.5", ""), ("C", "B", "100", ""), ("D", "C", "", "")},
    "indirect-ownership": {("B", "A", "60", ""), ("C", "B", "", "")},
    "mixed-direct-and-indirect-ownership": {("B", "A", "50", ""), ("C", "A", "50", ""), ("C", "B", "", "")},
    "fermcat": {("B", "A", "100", "")},
    "tecido": {("B", "A", "80", "80")},
    "joint-ownership": {("B", "A", "100", ""), ("C", "B", "100", "")},
    "listed-company-exempt-from-disclosure": set(),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_each_shape_gives(name: str) -> None:
    """Indirect interests with their way are left out, closed records are gone, persons of a country are one row."""
    assert holdings(of(name)[0]) == EXPECTED[name]


def test_a_range_of_shares_is_told_and_not_guessed() -> None:
    chain, notes = of("bods-package-entity-owning-entity")
    assert holdings(chain) == {("B", "A", "", "")}
    assert any("75–100" in note for note in notes)


def test_an_exemption_is_told_with_its_reason() -> None:
    assert any("subjectExemptFromDisclosure" in note for note in of("listed-company-exempt-from-disclosure")[1])


def test_a_wrong_lei_is_kept_and_told_beside_its_field() -> None:
    chain, _notes = of("plc-entity-statement")
    assert [entity.lei for entity in chain.entities] == ["5493001KJTIIGC8Y1R12"]
    assert not [each for each in derive(chain, DAY, {}).problems if each.field == "lei"]
    wrong = read_chain(chain.to_text().replace("Y1R12", "Y1R13"))
    (problem,) = [each for each in derive(wrong, DAY, {}).problems if each.field == "lei"]
    assert problem.is_gap


def statement(kind: str, number: str, **details: Any) -> dict[str, Any]:
    return {
        "recordId": number,
        "recordType": kind,
        "recordStatus": "new",
        "statementDate": "2026-01-01",
        "statementId": number * 32,
        "recordDetails": {"isComponent": False, **details},
    }


def company(number: str, **more: Any) -> dict[str, Any]:
    return statement("entity", number, name=f"Company {number}", entityType={"type": "legalEntity"}, **more)


def interest(number: str, holder: Any, held: Any, *interests: dict[str, Any]) -> dict[str, Any]:
    return statement("relationship", number, subject=held, interestedParty=holder, interests=list(interests))


def holds(value: Any, how: str = "direct", **more: Any) -> dict[str, Any]:
    return {"type": "shareholding", "directOrIndirect": how, "share": {"exact": value}, **more}


def test_an_indirect_interest_is_counted_only_where_nothing_leads_there() -> None:
    three = [company("a"), company("b"), company("c")]
    led = [
        interest("1", "b", "a", holds(60)),
        interest("2", "c", "b", holds(50)),
        interest("3", "c", "a", holds(30, "indirect")),
    ]
    chain, notes = read(json.dumps([*three, *led]).encode())
    assert holdings(chain) == {("B", "A", "60", ""), ("C", "B", "50", "")}
    assert any("not counted again" in note for note in notes)
    alone, notes = read(json.dumps([*three, led[0], led[2]]).encode())
    assert holdings(alone) == {("B", "A", "60", ""), ("C", "A", "", "")}
    assert any("companies between are not told" in note for note in notes)


def test_what_has_ended_or_not_begun_on_the_day_is_left_out() -> None:
    both = [company("a"), company("b")]
    for more, kept in (
        ({"endDate": "2026-11-29"}, 0),
        ({"endDate": "2026-11-30"}, 1),
        ({"startDate": "2026-12-01"}, 0),
    ):
        chain, notes = read(json.dumps([*both, interest("1", "b", "a", holds(60, **more))]).encode())
        assert len(chain.links) == kept
        assert bool(notes) == (not kept)


def test_persons_who_live_abroad_are_told_apart_by_country() -> None:
    us, fr = {"code": "US", "name": "United States"}, {"code": "FR", "name": "France"}
    people = [
        statement("person", "p", personType="knownPerson", names=[{"fullName": "Jane Roe"}], nationalities=[fr]),
        statement("person", "q", personType="knownPerson", names=[{"fullName": "John Doe"}], nationalities=[fr]),
        statement(
            "person",
            "r",
            personType="knownPerson",
            nationalities=[us],
            addresses=[{"type": "residence", "country": fr}],
        ),
    ]
    owned = [interest(str(n), each["recordId"], "a", holds(30)) for n, each in enumerate(people)]
    chain, _notes = read(json.dumps([company("a"), *people, *owned]).encode())
    found = {(entity.country, entity.also, entity.persons) for entity in chain.entities if entity.id != "A"}
    assert found == {("FR", "", True), ("FR", "US", True)}
    assert {link.capital for link in chain.links} == {"60", "30"}
    assert "Roe" not in chain.to_text()


REFUSED = [
    (b"", "no JSON"),
    (b"\xff\xfe", "no JSON"),
    (b"[" * 100_000, "no JSON"),
    (b"{}", "no list of statements"),
    (b"[]", "no list of statements"),
    (b"[1]", "Statement 1 is no object"),
    (b'[{"statementType": "entityStatement"}]', "not written in BODS 0.4"),
    (json.dumps([{**company("a"), "publicationDetails": {"bodsVersion": "0.3"}}]).encode(), "BODS 0.3"),
    (json.dumps([{**company("a"), "recordType": "cow"}]).encode(), "neither an entity"),
    (json.dumps([{**company("a"), "recordStatus": "gone"}]).encode(), "status"),
    (json.dumps([{**company("a"), "recordDetails": 1}]).encode(), "says nothing"),
    (json.dumps([{**company("a"), "statementDate": 1}]).encode(), "statementDate"),
    (json.dumps([company("a"), company("b"), interest("1", "b", "a", holds("half"))]).encode(), "no number"),
    (json.dumps([company("a"), company("b"), interest("1", "b", "a", holds(101))]).encode(), "between 0 and 100"),
    (json.dumps([company("a"), company("b"), interest("1", "b", "a", holds(1, endDate="soon"))]).encode(), "no day"),
    (json.dumps([statement("person", "p", personType="knownPerson")]).encode(), "names no company"),
    (json.dumps([{**company("a"), "recordStatus": "closed"}]).encode(), "names no company"),
    (json.dumps([{**company("a")}] * 5001).encode(), "more than 5000"),
    (b'[{"recordId": NaN}]', "no JSON"),
]


@pytest.mark.parametrize(("raw", "told"), REFUSED)
def test_what_is_no_ownership_is_refused_in_words(raw: bytes, told: str) -> None:
    with override("en"), pytest.raises(OwnershipRefused, match=told):
        chain_of_statements(raw, DAY.isoformat())


def test_files_are_read_in_the_bounded_child() -> None:
    assert read_ownership(SHAPES[0].read_bytes(), DAY).chain.entities
    with pytest.raises(OwnershipRefused):
        read_ownership(b" " * 2_000_001, DAY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES = (
    "recordDetails",
    "recordId",
    "recordType",
    "recordStatus",
    "statementDate",
    "publicationDetails",
    "declarationSubject",
)
DETAILS = ("name", "entityType", "jurisdiction", "identifiers", "subject", "interestedParty", "interests", "addresses",
           "nationalities", "componentRecords", "personType")  # fmt: skip


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(SHAPES), st.data())
def test_a_file_with_anything_anywhere_is_read_or_refused(path: Path, data: st.DataObject) -> None:
    statements = json.loads(path.read_bytes())
    for _time in range(3):
        place = data.draw(st.sampled_from(statements))
        value = data.draw(JSON)
        if data.draw(st.booleans()) and isinstance(place.get("recordDetails"), dict):
            place["recordDetails"][data.draw(st.sampled_from(DETAILS))] = value
        else:
            place[data.draw(st.sampled_from(PLACES))] = value
    try:
        chain, notes = read(json.dumps(statements).encode())
    except OwnershipRefused as refusal:
        assert str(refusal)
    else:
        assert read_chain(chain.to_text()) == chain
        assert all(notes)


@st.composite
def owned(draw: st.DrawFn) -> Chain:
    """Chains of owners only: each holds something lower down, so that all lead to the one that contracts."""
    size = draw(st.integers(1, 6))
    entities = [Entity("A", "Company A", "FR", Role.CONTRACTING)]
    links = []
    for letter, lower in zip(LETTERS[1:size], LETTERS, strict=False):
        share = draw(st.sampled_from(["", "10", "33.33", "100"]))
        entities.append(
            Entity(letter, f"Company {letter}", draw(st.sampled_from(["", "FR", "US"])), Role.SHAREHOLDER,
                   lei=draw(st.sampled_from(["", "5493001KJTIIGC8Y1R12"])))
        )  # fmt: skip
        links.append(Link(letter, lower, share, draw(st.sampled_from(["", "51"])), appoints=draw(st.booleans())))
    return Chain(tuple(entities), tuple(links))


@settings(max_examples=examples(60), deadline=None)
@given(owned())
def test_what_is_written_out_is_read_back(chain: Chain) -> None:
    statements = statements_of(chain, DAY, "Hospital")
    back, notes = read(json.dumps(statements).encode())
    assert holdings(back) == holdings(chain)
    assert [(e.id, e.name, e.country, e.lei) for e in back.entities] == [
        (e.id, e.name, e.country, e.lei) for e in chain.entities
    ]
    assert [link.appoints for link in back.links] == [link.appoints for link in chain.links]
    assert notes == []
    assert statements_of(chain, DAY, "Hospital") == statements
