"""What a fact may do follows its source, its dates and what is said against it: never more than fill in a claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from checklists.core.editions.edition import Edition, Question
from checklists.core.evidence import Strength
from checklists.core.profiles.facts import (
    ADVERSE_KINDS,
    DEFAULT,
    HEARSAY,
    Bar,
    Company,
    Fact,
    Mark,
    Source,
    SourceKind,
    contracting_for,
    is_adverse,
    of_variant,
    use_of,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
SOURCES = st.lists(st.builds(Source, st.sampled_from(SourceKind), st.none() | DAYS), min_size=1, max_size=3)
FACTS = st.builds(
    Fact,
    sources=SOURCES,
    question=st.sampled_from(["", "key_holder"]),
    value=st.sampled_from(["", "provider", "customer_only"]),
    valid_from=st.none() | DAYS,
    valid_until=st.none() | DAYS,
    review_by=st.none() | DAYS,
    contested=st.booleans(),
    inferred=st.booleans(),
)


def question(flagship: Edition) -> Question:
    return flagship.questions["key_holder"]


@given(fact=FACTS, day=DAYS)
def test_the_press_and_compilations_fill_in_nothing(fact: Fact, day: date) -> None:
    hearsay = all(source.kind in HEARSAY for source in fact.sources)
    assert (Bar.HEARSAY in use_of(fact, day).bars) is hearsay
    assert not (hearsay and use_of(fact, day).fills)


@given(fact=FACTS, day=DAYS)
def test_what_is_contested_or_outside_its_validity_fills_in_nothing(fact: Fact, day: date) -> None:
    use = use_of(fact, day)
    ended = fact.valid_until is not None and fact.valid_until < day
    early = fact.valid_from is not None and day < fact.valid_from
    assert (Bar.ENDED in use.bars, Bar.NOT_YET in use.bars) == (ended, early)
    assert not (use.fills and (fact.contested or ended or early or not fact.value or not fact.question))


@given(fact=FACTS, day=DAYS)
def test_an_adverse_fact_counts_only_from_sources_that_may(flagship: Edition, fact: Fact, day: date) -> None:
    asked = question(flagship)
    use = use_of(fact, day, asked)
    kinds = {source.kind for source in fact.sources}
    if is_adverse(asked, fact.value) and not kinds & ADVERSE_KINDS:
        assert Bar.ADVERSE in use.bars
    if is_adverse(asked, fact.value) and use.fills:
        assert kinds & ADVERSE_KINDS


@given(fact=FACTS, day=DAYS)
def test_a_vendors_page_or_contract_is_never_more_than_a_claim(fact: Fact, day: date) -> None:
    kinds = {source.kind for source in fact.sources} - HEARSAY
    own = {SourceKind.VENDOR_PAGE, SourceKind.CONTRACT}
    if kinds <= own:
        assert use_of(fact, day).strength is Strength.CLAIM


@given(fact=FACTS, day=DAYS, more=SOURCES)
def test_a_source_more_never_takes_an_answer_away(fact: Fact, day: date, more: list[Source]) -> None:
    if use_of(fact, day).fills:
        assert use_of(replace(fact, sources=[*fact.sources, *more]), day).fills


@given(fact=FACTS, day=DAYS)
def test_a_page_without_a_date_is_marked_and_still_fills_in(fact: Fact, day: date) -> None:
    undated = replace(fact, sources=[Source(SourceKind.VENDOR_PAGE)])
    dated = replace(fact, sources=[Source(SourceKind.VENDOR_PAGE, date(2026, 1, 1))])
    assert Mark.UNDATED in use_of(undated, day).marks
    assert Mark.UNDATED not in use_of(dated, day).marks
    assert use_of(undated, day).fills is use_of(dated, day).fills


def test_a_certificate_holds_on_its_last_day_and_not_on_the_next() -> None:
    last = date(2026, 12, 29)
    fact = Fact([Source(SourceKind.REGISTER, date(2026, 9, 15))], "immunity_qualification", "secnumcloud",
                valid_until=last)  # fmt: skip
    assert use_of(fact, last).fills
    assert use_of(fact, last + timedelta(days=1)).bars == (Bar.ENDED,)


def test_a_variant_replaces_and_leaves_out_what_the_default_says() -> None:
    source = [Source(SourceKind.VENDOR_PAGE)]
    default = Fact(source, "key_holder", "provider")
    staff = Fact(source, "provider_admin_key_access", "yes")
    country = Fact(source, "storage_country", "FR")
    own = Fact(source, "key_holder", "customer_only", variant="outside")
    pairs = [(fact, fact.question) for fact in (default, staff, country, own)]
    left_out = {"outside": frozenset({"provider_admin_key_access"})}
    assert [fact for fact, _ in of_variant(pairs, DEFAULT, left_out)] == [default, staff, country]
    assert [fact for fact, _ in of_variant(pairs, "outside", left_out)] == [country, own]


def test_the_company_that_contracts_follows_the_customers_country() -> None:
    french, other = Company("Une SARL", "FR", frozenset({"FR"})), Company("A Limited", "IE")
    assert contracting_for([other, french], "FR") is french
    assert contracting_for([french, other], "DE") is other
    assert contracting_for([french], "DE") is None
