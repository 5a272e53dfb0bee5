"""A chain of the trail: whatever is changed, taken out or put elsewhere is found, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from checklists.core.trail import START, Break, Link, first_break

Kept = list[tuple[Link, str]]


def chain_of(length: int) -> Kept:
    links: Kept = []
    previous = START
    for position in range(1, length + 1):
        at = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=position)
        link = Link(
            7, position, at, position % 3 or None, "answer.changed", "answer", str(position), {"n": position}, previous
        )
        previous = link.fingerprint()
        links.append((link, previous))
    return links


def test_a_chain_left_alone_holds() -> None:
    assert first_break(chain_of(20)) is None
    assert first_break([]) is None


@given(st.integers(2, 12), st.data())
def test_any_change_is_found_where_it_was_made(length: int, data: st.DataObject) -> None:
    links, place = chain_of(length), data.draw(st.integers(0, length - 1))
    link, kept = links[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(link, kind="answer.deleted"),
                replace(link, actor=99),
                replace(link, at=link.at + timedelta(microseconds=1)),
                replace(link, details={}),
                replace(link, subject_id="x"),
            ]
        )
    )
    links[place] = (changed, kept)
    assert first_break(links) == Break(7, place + 1, "altered")


@given(st.integers(3, 12), st.data())
def test_an_entry_taken_out_is_missed(length: int, data: st.DataObject) -> None:
    links, place = chain_of(length), data.draw(st.integers(0, length - 2))
    assert first_break(links[:place] + links[place + 1 :]) == Break(7, place + 1, "missing")


def test_an_entry_made_to_fit_itself_unlinks_the_next() -> None:
    links = chain_of(4)
    forged = replace(links[1][0], details={"n": "forged"})
    links[1] = (forged, forged.fingerprint())
    assert first_break(links) == Break(7, 3, "unlinked")


def test_the_time_zone_in_which_it_is_read_changes_nothing() -> None:
    link = chain_of(1)[0][0]
    paris = replace(link, at=link.at.astimezone())
    assert paris.fingerprint() == link.fingerprint()
