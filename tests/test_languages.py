"""The languages of the site are those of the settings: nothing beside them lists them again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines

from checklists.services.languages import language_here

ROOT = Path(settings.BASE_DIR)
LISTED = re.compile(r"""[\"'](fr|en)[\"']\s*(,|==|if\b)|==\s*[\"'](fr|en)[\"']|\[[\"'](fr|en)[\"']\]""")
"""A language of the site written out where a list or a choice is made."""


def files() -> list[Path]:
    found = [*ROOT.glob("checklists/**/*.py"), *ROOT.glob("templates/**/*.html")]
    return [path for path in found if "migrations" not in path.parts]


def test_no_module_and_no_template_names_the_languages_of_the_site() -> None:
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LISTED.search(line)
    ]
    assert lines == []


@pytest.mark.parametrize(("asked", "given"), [("de", "de"), ("en", "en"), ("xx", "fr"), ("", "fr"), (None, "fr")])
def test_a_language_of_the_settings_is_one_of_the_site(settings: Any, asked: str | None, given: str) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("de", "German")]
    assert language_here(asked) == given


def test_a_language_is_called_by_its_own_name_on_every_page() -> None:
    template = engines["django"].from_string("{{ code|language_name_local|capfirst }}")
    assert [template.render({"code": code}) for code, _name in settings.LANGUAGES] == ["Français", "English"]
