"""Which offer dominates, which trade: aspect by aspect, with no weight added."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from checklists.core.capacity import Capacity, Gap, Measure, gaps
from checklists.core.comparison import Side, Trade, compare

aspects = st.lists(st.sampled_from([None, 0, 1, 2]), min_size=4, max_size=4).map(
    lambda drawn: {name: Fraction(value) for name, value in zip("abcd", drawn, strict=True) if value is not None}
)
sides = st.lists(aspects, min_size=2, max_size=6).map(
    lambda drawn: [Side(str(position), figures) for position, figures in enumerate(drawn)]
)


@given(sides)
def test_every_pair_is_told_once(drawn: list[Side]) -> None:
    outcome = compare(drawn)
    told = [frozenset(pair) for pair in (*outcome.dominates, *outcome.equals)]
    told += [frozenset((trade.one, trade.other)) for trade in outcome.trades]
    assert len(told) == len(set(told)) == len(drawn) * (len(drawn) - 1) // 2


@given(sides)
def test_a_dominating_offer_is_nowhere_worse_and_somewhere_better(drawn: list[Side]) -> None:
    by_key = {side.key: side.aspects for side in drawn}
    for better, worse in compare(drawn).dominates:
        assert by_key[better].keys() == by_key[worse].keys()
        assert all(by_key[better][aspect] >= by_key[worse][aspect] for aspect in by_key[worse])
        assert by_key[better] != by_key[worse]


@given(sides)
def test_some_offer_is_never_dominated(drawn: list[Side]) -> None:
    assert compare(drawn).undominated(drawn)


def test_what_is_known_of_one_only_forbids_dominance() -> None:
    one = Side("one", {"score": Fraction(2), "transition": Fraction(-90)})
    other = Side("other", {"score": Fraction(1)})
    assert compare([one, other]).trades == (Trade("one", "other", ("score",), ()),)


def test_an_offer_is_never_better_for_what_the_other_has_not_answered() -> None:
    full = Side("full", {}, {"keys": ("keys", 1, 4), "law": ("law", 1, 1)})
    silent = Side("silent", {}, {"law": ("law", 1, 1)}, frozenset({"keys"}))
    outcome = compare([full, silent])
    assert outcome.dominates == outcome.trades == ()
    assert outcome.to_answer == (("full", "silent", 1),)


def test_a_concern_is_compared_on_what_both_answered() -> None:
    one = Side("one", {}, {"a": ("keys", 1, 4), "b": ("keys", 3, 0)}, frozenset({"c"}))
    other = Side("other", {}, {"a": ("keys", 1, 2), "c": ("keys", 1, 4)}, frozenset({"b"}))
    outcome = compare([one, other])
    assert outcome.dominates == ()
    assert outcome.trades == (Trade("one", "other", ("concern:keys",), ()),)
    assert outcome.to_answer == (("one", "other", 2),)


NEEDED = Capacity({Measure.STORAGE_NOW: Decimal(100)}, "always", frozenset({"backup", "identity"}), frozenset({"hds"}))


def test_an_offer_that_says_nothing_leaves_every_need_in_doubt() -> None:
    found = gaps(NEEDED, Capacity())
    assert [gap.need for gap in found] == ["storage_now", "support", "services", "certifications"]
    assert not any(gap.is_stated for gap in found)


def test_an_offer_that_provides_as_much_or_more_leaves_no_gap() -> None:
    plenty = {measure: Decimal(100) for measure in Measure}
    provided = Capacity(plenty, "always", frozenset({"backup", "identity", "gpu"}), frozenset({"hds", "c5"}))
    assert gaps(NEEDED, provided) == ()


def test_what_is_missing_is_named() -> None:
    provided = Capacity({Measure.STORAGE_NOW: Decimal(99)}, "office_hours", frozenset({"backup"}), frozenset())
    assert gaps(NEEDED, provided) == (
        Gap("storage_now", Decimal(100), Decimal(99)),
        Gap("support", "always", "office_hours"),
        Gap("services", frozenset({"identity"}), frozenset()),
        Gap("certifications", frozenset({"hds"}), frozenset()),
    )


def test_nothing_needed_nothing_unmet() -> None:
    assert gaps(Capacity(), Capacity()) == ()
