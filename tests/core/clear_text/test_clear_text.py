"""Who can read the clear text, and when; disclosure and interruption kept apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.clear_text import (
    STATES,
    WORDS,
    ClearTextError,
    Datum,
    Moment,
    Row,
    Why,
    compelled,
    derive_readable,
    read_table,
    table_text,
)
from checklists.core.editions.conditions import Fact
from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import establish
from checklists.core.judging.judge import judge
from tests.core.judging.test_flagship import DAY
from tests.profiles import examples

CUSTOMER = {"keys": "customer", "code": "customer", "login": "customer"}


def cell(moment: str, **row: str) -> tuple[Any, Why]:
    found = derive_readable({Datum.CONTENT: Row(**row)}).cells[Datum.CONTENT, Moment(moment)]
    return found.can, found.why


@pytest.mark.parametrize(
    ("moment", "row", "can", "why"),
    [
        ("rest", {"rest": "encrypted", "keys": "provider"}, True, Why.PROVIDER_KEYS),
        ("rest", {"rest": "encrypted", "keys": "provider_service"}, True, Why.KEYS_IN_ITS_SERVICE),
        ("rest", {"rest": "encrypted"} | CUSTOMER, False, Why.OUT_OF_REACH),
        ("rest", {"rest": "encrypted", "keys": "third_party", "code": "approved"}, False, Why.OUT_OF_REACH),
        ("rest", {"rest": "encrypted", "keys": "customer", "code": "provider"}, True, Why.CHANGES_CODE),
        ("rest", {"rest": "encrypted", "keys": "customer"}, None, Why.NOT_TOLD),
        ("transit", {"transit": "clear"} | CUSTOMER, True, Why.IN_CLEAR),
        ("use", {"use": "clear"} | CUSTOMER, True, Why.IN_USE),
        ("use", {"use": "enclave"} | CUSTOMER, False, Why.OUT_OF_REACH),
        ("use", {"use": "enclave", "code": "provider"}, True, Why.CHANGES_CODE),
        ("use", {"use": "enclave", "code": "approved", "login": "provider"}, True, Why.ENCLAVE_LOGIN),
        ("use", {"use": "absent"}, False, Why.ABSENT),
        ("use", {}, None, Why.NOT_TOLD),
    ],
)
def test_what_a_compelled_provider_could_produce(moment: str, row: dict[str, str], can: Any, why: Why) -> None:
    assert cell(moment, **row) == (can, why)


def test_keys_of_the_customer_do_not_hide_data_that_the_provider_processes() -> None:
    row = Row("encrypted", "encrypted", "clear", **CUSTOMER)
    readable = derive_readable({Datum.CONTENT: row})
    assert readable.of(Datum.CONTENT) is True
    assert readable.facts()["clear_in_use"].value == "yes"
    assert readable.cells[Datum.CONTENT, Moment.REST].can is False


def told(flagship: Edition, row: Row) -> dict[str, Any]:
    table = dict.fromkeys(Datum, row)
    answers = {"clear_text_table": Answer.of(table_text(table)), "us_law_reach": Answer.of("through_parent")}
    return dict(judge(flagship, answers, DAY).compelled)


def test_encryption_by_the_customer_ends_disclosure_and_changes_nothing_to_interruption(flagship: Edition) -> None:
    before = told(flagship, Row("encrypted", "encrypted", "clear", "provider", "provider", "provider"))
    after = told(flagship, Row("encrypted", "encrypted", "absent", **CUSTOMER))
    assert before == {"compelled_disclosure": True, "compelled_interruption": True}
    assert after == {"compelled_disclosure": False, "compelled_interruption": True}


rows = st.builds(Row, **{name: st.sampled_from(["", *words]) for name, words in STATES.items()})
tables = st.dictionaries(st.sampled_from(Datum), rows)


@given(tables)
@settings(max_examples=examples(60), deadline=None)
def test_no_table_changes_the_result_on_interruption(table: dict[Datum, Row]) -> None:
    for reach in ("direct", "none"):
        reaches, facts = [Fact(reach), Fact("none")], derive_readable(table).facts()
        assert compelled(facts, reaches)["compelled_interruption"] is compelled({}, reaches)["compelled_interruption"]


@given(rows, st.data())
@settings(max_examples=examples(100), deadline=None)
def test_what_is_said_of_a_part_of_the_row_the_whole_row_confirms(row: Row, data: st.DataObject) -> None:
    values = {name: getattr(row, name) for name in STATES}
    part = Row(**{name: value if data.draw(st.booleans()) else "" for name, value in values.items()})
    whole = Row(**{name: value or data.draw(st.sampled_from(STATES[name])) for name, value in values.items()})
    for moment in Moment:
        known = derive_readable({Datum.CONTENT: part}).cells[Datum.CONTENT, moment].can
        if known is not None:
            assert derive_readable({Datum.CONTENT: whole}).cells[Datum.CONTENT, moment].can is known


@given(tables)
@settings(max_examples=examples(40), deadline=None)
def test_a_table_reads_back_as_it_was_written(table: dict[Datum, Row]) -> None:
    assert read_table(table_text(table)) == {data: row for data, row in table.items() if not row.is_empty}


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"content":{"rest":"secret"}}', '{"colour":{}}', '{"logs":1}'])
def test_what_is_not_a_table_is_refused(text: str) -> None:
    with pytest.raises(ClearTextError):
        read_table(text)


def test_every_derived_word_is_declared(flagship: Edition) -> None:
    facts = establish(flagship, {"clear_text_table": Answer.of("{}")}, DAY).facts
    assert WORDS.keys() <= facts.keys()


@pytest.mark.parametrize(
    ("row", "can"),
    [
        (Row(rest="encrypted", keys="customer"), None),
        (Row(rest="encrypted", code="customer"), None),
        (Row(rest="encrypted", keys="customer", code="customer"), False),
        (Row(rest="encrypted", code="provider"), True),
    ],
)
def test_a_doubt_on_who_reads_is_never_a_certain_no(row: Row, can: bool | None) -> None:
    readable = derive_readable({Datum.CONTENT: row})
    assert readable.cells[Datum.CONTENT, Moment.REST].can is can


@pytest.mark.parametrize(
    ("row", "can"),
    [
        (Row(use="enclave", code="customer"), None),
        (Row(use="enclave", login="customer"), None),
        (Row(use="enclave", code="customer", login="customer"), False),
    ],
)
def test_an_enclave_of_which_something_is_not_told_protects_nothing_for_certain(row: Row, can: bool | None) -> None:
    assert derive_readable({Datum.CONTENT: row}).cells[Datum.CONTENT, Moment.USE].can is can


def test_classes_that_are_not_told_leave_the_content_in_doubt() -> None:
    """One class out of reach does not answer for the classes of which nothing is told."""
    safe = Row(rest="encrypted", transit="absent", use="absent", keys="customer", code="customer")
    readable = derive_readable({Datum.CONTENT: safe})
    assert readable.of(Datum.CONTENT) is False
    assert readable.content is None
    assert readable.facts()["clear_content"].value is None
