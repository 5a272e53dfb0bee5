"""How templates are written."""

from __future__ import annotations

from pathlib import Path

LONGEST = 200
TEMPLATES = Path(__file__).parents[1] / "templates"


def test_no_line_of_a_template_is_too_long_to_read() -> None:
    too_long = [
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert not too_long
