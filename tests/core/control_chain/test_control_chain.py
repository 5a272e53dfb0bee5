"""What a control chain says: reach, paths, shares, and what it does not say while it has gaps or contradictions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.control_chain import (
    Chain,
    ChainError,
    Derived,
    Entity,
    Fault,
    How,
    Link,
    derive,
    read_chain,
    share,
)
from tests.profiles import examples

DAY = date(2024, 1, 1)
LAWS = (("US", "cloud_act"), ("US", "fisa_702"))


def company(letter: str, country: str = "FR", role: str = "shareholder", **more: Any) -> Entity:
    return Entity(letter, f"Company {letter}", country, role, closed=more.pop("closed", True), **more)


def contracting(country: str = "FR", **more: Any) -> Entity:
    return company("A", country, "contracting", **more)


def holds(holder: str, held: str, capital: str, votes: str | None = None, **more: bool) -> Link:
    return Link(holder, held, capital, capital if votes is None else votes, **more)


def derived(*rows: Entity | Link, day: date = DAY) -> Derived:
    entities = tuple(row for row in rows if isinstance(row, Entity))
    return derive(Chain(entities, tuple(row for row in rows if isinstance(row, Link))), day, LAWS)


def value(outcome: Derived, fact: str) -> str | None:
    return outcome.facts()[fact].value


def faults(outcome: Derived) -> set[Fault]:
    return {problem.fault for problem in outcome.problems}


def test_an_irish_subsidiary_of_an_american_group_is_reached_through_its_parent() -> None:
    outcome = derived(
        contracting("IE"), company("B", "NL"), company("C", "US"), holds("B", "A", "100"), holds("C", "B", "100")
    )
    assert value(outcome, "chain_us_reach") == "through_parent"
    assert value(outcome, "chain_other_reach") == "none"
    assert (value(outcome, "chain_contracting_country"), value(outcome, "chain_parent_country")) == ("IE", "US")
    (reach,) = outcome.reaches
    assert [(step.company, step.how) for step in reach.path] == [("C", None), ("B", How.MAJORITY), ("A", How.MAJORITY)]
    assert reach.laws == ("cloud_act", "fisa_702")
    assert value(outcome, "chain_greatest_non_eu_share") == "100"
    assert value(outcome, "chain_non_eu_power") == "yes"


@pytest.mark.parametrize(
    ("link", "how"),
    [
        (holds("B", "A", "50.01"), How.MAJORITY),
        (holds("B", "A", "50"), How.HALF),
        (holds("B", "A", "5", veto=True), How.VETO),
        (holds("B", "A", "", appoints=True), How.APPOINTS),
        (holds("B", "A", "49.99"), None),
        (holds("B", "A", "80", "20"), None),
    ],
)
def test_orders_pass_through_a_majority_a_half_a_veto_or_an_appointment(link: Link, how: How | None) -> None:
    outcome = derived(contracting(), company("B", "US"), link)
    assert value(outcome, "chain_us_reach") == ("through_parent" if how else "none")
    assert (outcome.reaches[0].path[-1].how if outcome.reaches else None) is how


def test_votes_of_companies_commanded_by_one_add_up() -> None:
    rows = [contracting(), company("B", "FR"), company("C", "DE"), company("D", "US")]
    rows += [holds("D", "B", "60"), holds("D", "C", "60")]
    outcome = derived(*rows, holds("B", "A", "30"), holds("C", "A", "25"))
    assert value(outcome, "chain_us_reach") == "through_parent"
    assert outcome.greatest["votes"].low == Fraction(33, 100)
    assert outcome.commanded.low == Fraction(55, 100)


@pytest.mark.parametrize(
    ("role", "reach"),
    [
        ("operator", "through_subcontractor"),
        ("subcontractor", "through_subcontractor"),
        ("remote_administrator", "through_subcontractor"),
        ("licensor", "none"),
    ],
)
def test_a_supplier_carries_its_law_a_mere_licensor_does_not(role: str, reach: str) -> None:
    outcome = derived(contracting(), company("B", "IE", role), company("C", "US"), holds("C", "B", "100"))
    assert value(outcome, "chain_us_reach") == reach


def test_an_establishment_in_the_united_states_is_a_direct_reach() -> None:
    assert value(derived(contracting(also="US")), "chain_us_reach") == "direct"


def test_norway_is_outside_the_union_and_not_a_third_country_switzerland_is_both() -> None:
    for country, reach in (("NO", "none"), ("CH", "through_parent"), ("JP", "through_parent")):
        outcome = derived(contracting(), company("B", country), holds("B", "A", "60"))
        assert value(outcome, "chain_other_reach") == reach
        assert value(outcome, "chain_greatest_non_eu_share") == "60"


@pytest.mark.parametrize(("day", "reach"), [("2020-12-31", "none"), ("2021-01-01", "through_parent")])
def test_the_united_kingdom_became_a_third_country(day: str, reach: str) -> None:
    outcome = derived(contracting(), company("B", "GB"), holds("B", "A", "100"), day=date.fromisoformat(day))
    assert value(outcome, "chain_other_reach") == reach


@pytest.mark.parametrize(("typed", "number"), [("24", 24), ("24.01", 25), ("39", 39), ("39,01", 40)])
def test_the_thresholds_of_secnumcloud_are_met_to_the_hundredth(typed: str, number: int) -> None:
    outcome = derived(contracting(), company("B", "US"), holds("B", "A", typed))
    assert outcome.facts()["chain_greatest_non_eu_share"].rank == number


def test_a_cross_holding_counts_as_often_as_it_goes_round() -> None:
    rows = [contracting(), company("B", "FR", "parent"), company("C", "US")]
    outcome = derived(*rows, holds("B", "A", "50", "40"), holds("A", "B", "50", "40"), holds("C", "A", "50", "40"))
    assert outcome.greatest["capital"].low == Fraction(2, 3)
    assert outcome.total["capital"].low == Fraction(2, 3)


def test_what_is_held_through_two_companies_outside_the_union_counts_once_in_the_total() -> None:
    rows = [contracting(), company("B", "US"), company("C", "CA")]
    outcome = derived(*rows, holds("B", "A", "30"), holds("C", "B", "100"))
    assert outcome.total["capital"].low == Fraction(30, 100)


def test_a_missing_country_credits_nothing_and_what_is_certain_stays() -> None:
    outcome = derived(contracting(""), company("B", "US"), holds("B", "A", "100"))
    assert faults(outcome) == {Fault.COUNTRY_MISSING}
    fact = outcome.facts()["chain_us_reach"]
    assert fact.value is None
    assert fact.possible == {"through_parent", "direct"}
    assert fact.is_one_of(frozenset({"direct", "through_parent"})) is True
    assert fact.is_one_of(frozenset({"none"})) is False


def test_owners_not_told_leave_everything_open() -> None:
    outcome = derived(contracting(closed=False), company("B", "FR"), holds("B", "A", "60"))
    assert faults(outcome) == {Fault.REST_MISSING}
    assert value(outcome, "chain_us_reach") is None
    assert value(outcome, "chain_parent_country") is None
    assert outcome.total["capital"].low == 0
    assert outcome.total["capital"].high == Fraction(40, 100)
    assert outcome.facts()["chain_total_non_eu_share"].is_at_least(41) is False


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([holds("B", "A", "70"), holds("C", "A", "40")], Fault.OVER_WHOLE),
        ([holds("A", "A", "10")], Fault.HOLDS_ITSELF),
        ([holds("Z", "A", "10")], Fault.COMPANY_UNKNOWN),
        ([holds("B", "A", "130")], Fault.SHARE_TOO_LARGE),
        ([holds("B", "A", "a third")], Fault.SHARE_UNREADABLE),
        ([holds("B", "A", "33.333")], Fault.SHARE_UNREADABLE),
        ([holds("B", "A", "10"), holds("B", "A", "10")], Fault.SAME_HOLDING),
        ([holds("B", "A", "60"), holds("A", "B", "60")], Fault.CONTROL_LOOP),
        ([company("D", "FR", "contracting")], Fault.SEVERAL_CONTRACTING),
    ],
)
def test_a_contradiction_is_explained_and_establishes_nothing(rows: list[Entity | Link], fault: Fault) -> None:
    outcome = derived(contracting(), company("B", "DE"), company("C", "US"), *rows)
    assert fault in faults(outcome)
    assert not outcome.is_consistent
    assert all(fact.value is None for fact in outcome.facts().values())


def test_companies_that_hold_one_another_wholly_have_no_owner() -> None:
    letters = "BCDEF"
    rows = [holds(one, other, "25") for one in letters for other in letters if one != other]
    companies = [company(letter, "DE") for letter in letters]
    assert Fault.CLOSED_CIRCLE in faults(derived(contracting(), *companies, holds("B", "A", "10"), *rows))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        '{"entities":[1],"links":[]}',
        '{"entities":[{"id":"a"}],"links":[]}',
        '{"entities":[{"id":"A","role":"king"}],"links":[]}',
        '{"entities":[{"id":"A","closed":"yes"}],"links":[]}',
    ],
)
def test_what_is_not_a_chain_is_refused(text: str) -> None:
    with pytest.raises(ChainError):
        read_chain(text)


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [("33.33", 3333), ("33,3 %", 3330), ("100", 10000), (" 7 ", 700), ("x", None), ("-1", None)],
)
def test_shares_are_read_exactly(typed: str, hundredths: int | None) -> None:
    assert share(typed) == hundredths


LETTERS = "ABCDEFG"


@st.composite
def chains(draw: st.DrawFn, countries: str = "FR DE US NO") -> Chain:
    """Consistent chains: every company held to 99 % at most, cross-holdings included."""
    size = draw(st.integers(2, len(LETTERS)))
    letters = LETTERS[:size]
    entities = [contracting(draw(st.sampled_from(countries.split())))]
    entities += [company(letter, draw(st.sampled_from(countries.split()))) for letter in letters[1:]]
    links = []
    for held in letters:
        left = 99
        for holder in letters:
            part = draw(st.integers(0, left)) if holder != held and draw(st.booleans()) else 0
            if part:
                left -= part
                links.append(holds(holder, held, str(part)))
    return Chain(tuple(entities), tuple(links))


def walked(chain: Chain, targets: set[str], rounds: int = 4000) -> float:
    """How much of a walk up from A comes to ``targets``, followed step by step."""
    at, arrived = {"A": 1.0}, 0.0
    for _ in range(rounds):
        following: dict[str, float] = {}
        for link in chain.links:
            part = at.get(link.held, 0.0) * float(link.capital) / 100
            if link.holder in targets:
                arrived += part
            else:
                following[link.holder] = following.get(link.holder, 0.0) + part
        at = following
        if sum(at.values()) < 1e-12:
            break
    return arrived


@given(chains())
@settings(max_examples=examples(60), deadline=None)
def test_shares_are_the_limit_of_the_product_followed_step_by_step(chain: Chain) -> None:
    outcome = derive(chain, DAY)
    if outcome.is_consistent:
        for holding in outcome.holdings:
            assert float(holding.capital) == pytest.approx(walked(chain, {holding.company}), abs=1e-6)
        outside = {e.id for e in chain.entities if e.country in ("US", "NO")} - {"A"}
        assert float(outcome.total["capital"].low) == pytest.approx(walked(chain, outside), abs=1e-6)


@given(chains())
@settings(max_examples=examples(60), deadline=None)
def test_shares_are_conserved(chain: Chain) -> None:
    outcome = derive(chain, DAY)
    if outcome.is_consistent:
        held = {link.held for link in chain.links}
        last = sum(holding.capital for holding in outcome.holdings if holding.company not in held)
        assert 0 <= last <= 1
        assert all(0 <= holding.capital <= 1 for holding in outcome.holdings)
        assert outcome.greatest["capital"].low <= outcome.total["capital"].low <= 1


@given(chains(), st.randoms())
@settings(max_examples=examples(60), deadline=None)
def test_the_order_of_the_rows_changes_nothing(chain: Chain, random: Any) -> None:
    entities, links = list(chain.entities), list(chain.links)
    random.shuffle(entities)
    random.shuffle(links)
    one, other = derive(chain, DAY, LAWS), derive(Chain(tuple(entities), tuple(links)), DAY, LAWS)
    assert one.facts() == other.facts()
    assert (one.reaches, one.holdings) == (other.reaches, other.holdings)


@given(chains(), st.integers(1, 100), st.sampled_from(LETTERS))
@settings(max_examples=examples(60), deadline=None)
def test_one_more_holder_outside_the_union_never_lowers_the_total(chain: Chain, part: int, held: str) -> None:
    before = derive(chain, DAY)
    more = Chain((*chain.entities, company("Z", "CN")), (*chain.links, holds("Z", held, str(part))))
    after = derive(more, DAY)
    if before.is_consistent and after.is_consistent:
        assert after.total["capital"].low >= before.total["capital"].low


@given(chains(countries="FR"))
@settings(max_examples=examples(40), deadline=None)
def test_a_chain_in_one_country_of_the_union_is_reached_by_no_other_law(chain: Chain) -> None:
    outcome = derive(chain, DAY)
    assert outcome.reaches == ()
    if outcome.is_consistent:
        assert value(outcome, "chain_us_reach") == value(outcome, "chain_other_reach") == "none"
        assert value(outcome, "chain_total_non_eu_share") == "0"


@given(chains(), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_what_a_gap_leaves_certain_the_whole_chain_confirms(chain: Chain, data: st.DataObject) -> None:
    gaps = [data.draw(st.sampled_from(["", "country", "closed"])) for _ in chain.entities]
    part = Chain(
        tuple(
            Entity(e.id, e.name, "" if gap == "country" else e.country, e.role, closed=gap != "closed")
            for e, gap in zip(chain.entities, gaps, strict=True)
        ),
        chain.links,
    )
    known, less = derive(chain, DAY).facts(), derive(part, DAY).facts()
    for key, fact in less.items():
        if fact.value is not None:
            assert fact.value == known[key].value
        if fact.possible and known[key].value:
            assert known[key].value in fact.possible
        if fact.bounds and known[key].rank is not None:
            assert fact.bounds[0] <= known[key].rank <= fact.bounds[1]


@given(chains())
@settings(max_examples=examples(20), deadline=None)
def test_a_chain_reads_back_as_it_was_written(chain: Chain) -> None:
    assert read_chain(chain.to_text()) == chain


@pytest.mark.parametrize("right", ["veto", "appoints"])
def test_a_right_alone_needs_no_share(right: str) -> None:
    """A veto, or an appointment, without a share is told whole: nothing is missing in the row."""
    rows = (contracting(), company("B", "US"), Link("B", "A", **{right: True}))
    outcome = derived(*rows)
    assert Fault.SHARE_MISSING not in faults(outcome)
    assert value(outcome, "chain_us_reach") == "through_parent"
    assert Fault.SHARE_MISSING in faults(derived(contracting(), company("B", "US"), Link("B", "A")))


def test_a_company_that_nobody_holds_has_its_whole_rest_missing() -> None:
    outcome = derived(contracting(closed=False))
    missing = [problem for problem in outcome.problems if problem.fault is Fault.REST_MISSING]
    assert [(problem.row, problem.figure) for problem in missing] == [("A", 0)]
    assert Fault.OVER_WHOLE not in faults(outcome)


def test_who_licenses_technology_is_told_apart_from_who_takes_part() -> None:
    outcome = derived(contracting(), company("B", "US", "licensor"), company("C", "US", "subcontractor"))
    assert outcome.licensors == ("B",)
    assert derived(contracting()).licensors == ()


@pytest.mark.parametrize(
    ("accesses", "given"),
    [
        (("none", "technical_data_only"), "technical_data_only"),
        (("none", "hosts_or_reads_content"), "hosts_or_reads_content"),
        (("", "hosts_or_reads_content"), "hosts_or_reads_content"),
        (("none", ""), None),
    ],
)
def test_what_the_suppliers_under_a_third_countrys_law_obtain(accesses: tuple[str, str], given: str | None) -> None:
    suppliers = [
        Entity(letter, letter, "US", "subcontractor", closed=True, access=access)
        for letter, access in zip("BC", accesses, strict=True)
    ]
    at_home = Entity("D", "D", "FR", "operator", closed=True)
    outcome = derived(contracting(), *suppliers, at_home)
    assert value(outcome, "chain_subcontractor_access") == given
    chain = Chain((contracting(), *suppliers))
    assert read_chain(chain.to_text()) == chain
