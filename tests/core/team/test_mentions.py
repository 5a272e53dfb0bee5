"""Whom a text mentions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.core.team.mentions import Person, find_mentions

CLAIRE = Person(1, ("claire.martin@hopital.example", "claire.martin", "Claire Martin", "Claire"))
CLAIRE_2 = Person(2, ("c.petit@hopital.example", "c.petit", "Claire Petit", "Claire"))
HELENE = Person(3, ("helene@hopital.example", "helene", "Hélène Roux", "Hélène"))
OTHER = Person(4, ("helene@cabinet.example", "helene", "", ""))
TEAM = (CLAIRE, CLAIRE_2, HELENE)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@claire.martin, see clause 4", {1}),
        ("@Claire Martin: see clause 4", {1}),
        ("(@CLAIRE PETIT)", {2}),
        ("ask @c.petit@hopital.example.", {2}),
        ("@claire.martin. And @Helene!", {1, 3}),
        ("@hélène roux", {3}),
        ("l'avis d'@helene", {3}),
        ("write to claire.martin@hopital.example", set()),
        ("at noon @ 12", set()),
        ("@ claire.martin", set()),
        ("", set()),
        ("@", set()),
    ],
)
def test_a_name_after_an_at_sign_is_found(text: str, people: set[int]) -> None:
    found = find_mentions(text, TEAM)
    assert found.people == people
    assert found.unknown == ()


@pytest.mark.parametrize("text", ["@claire.martinez", "@nobody here", "@claire-anne", "@helene.roux", "@SUM(1)"])
def test_a_name_that_nobody_bears_is_told_as_written(text: str) -> None:
    found = find_mentions(text, TEAM)
    assert found.people == frozenset()
    assert len(found.unknown) == 1
    assert text.startswith(f"@{found.unknown[0]}")


def test_a_name_that_several_bear_is_told_with_them() -> None:
    assert find_mentions("@Claire, please", TEAM).ambiguous == (("claire", frozenset({1, 2})),)
    assert find_mentions("@helene", (HELENE, OTHER)).ambiguous == (("helene", frozenset({3, 4})),)
    assert find_mentions("@helene@cabinet.example", (HELENE, OTHER)).people == {4}


@given(st.text(max_size=300), st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=5))
def test_any_text_and_any_names_give_an_answer(text: str, names: list[tuple[str, str]]) -> None:
    people = [Person(number, pair) for number, pair in enumerate(names)]
    found = find_mentions(text, people)
    assert found.people <= {person.number for person in people}
    assert all(f"@{word}" in text for word in found.unknown)
    assert all(len(numbers) > 1 for _name, numbers in found.ambiguous)


@given(st.text(max_size=60).filter(lambda text: "@" not in text), st.sampled_from(TEAM))
def test_a_whole_address_always_means_its_bearer(before: str, person: Person) -> None:
    text = f"{before} @{person.names[0]} and more"
    assert person.number in find_mentions(text, TEAM).people


@given(st.text(alphabet="@ ab.-'", max_size=5000))
def test_a_text_full_of_signs_is_read_quickly(text: str) -> None:
    find_mentions(text, TEAM)
