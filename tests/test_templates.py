"""How templates are written."""

from __future__ import annotations

import re
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


def test_what_people_type_runs_in_its_own_direction() -> None:
    """Arabic in a page that runs left to right: the end of the sentence jumps, unless the field has its direction."""
    fields = [
        (path.relative_to(TEMPLATES), found)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for found in re.findall(r"<textarea[^>]*>", path.read_text())
        if "font-monospace" not in found  # Codes to copy are nobody's words.
    ]
    assert len(fields) >= 8
    assert [place for place, found in fields if 'dir="auto"' not in found] == []


def test_words_of_people_that_run_over_lines_have_their_own_direction() -> None:
    said = [
        (path.relative_to(TEMPLATES), line.strip())
        for path in sorted((TEMPLATES / "web").rglob("*.html"))
        for line in path.read_text().splitlines()
        if re.search(
            r"(justification|comment|remark|\.note|message|description|comment\.text)\|linebreaks(br)? }}", line
        )
    ]
    assert len(said) >= 10
    assert [place for place, line in said if 'dir="auto"' not in line] == []
