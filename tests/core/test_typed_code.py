"""Codes of figures, as keyboards and clipboards give them."""

from __future__ import annotations

import pytest

from checklists.core.typed_code import read_code


@pytest.mark.parametrize(
    "typed",
    ["123456", " 123 456\n", "123\u202f456", "123-456", "１２３４５６", "١٢٣٤٥٦", "\u200e123456\u200f", "1 2 3 4 5 6."],
)  # fmt: skip
def test_a_code_is_read_as_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "123456"


def test_what_is_no_figure_stays_wrong() -> None:
    assert read_code("12345б") != "123456"
    assert read_code("²²²²²²") == "222222"
    assert read_code("") == read_code("\u200e -") == ""
