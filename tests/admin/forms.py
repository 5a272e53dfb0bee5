"""What a browser would send back of a form it was shown and nobody touched."""

from __future__ import annotations

from typing import Any

from lxml import html


def sent_back(page: str) -> dict[str, Any]:
    """The fields of the part's form, by name; the buttons left out, as none was pressed."""
    form = html.fromstring(page).get_element_by_id("part-form")
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value.replace("\n", "\r\n"))
    return sent
