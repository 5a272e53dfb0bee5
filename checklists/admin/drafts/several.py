"""Several possible answers at once: one a line, typed or pasted from a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklists.admin.drafts.keys import made_key
from checklists.admin.drafts.texts import MAX_TEXT
from checklists.core.editions.edition import TOP_LEVEL

MOST = 40
"""Lines read at once."""
COLUMNS = ("label", "level", "finding", "advice")


class SeveralForm(forms.Form):
    """``answers`` holds one answer a line: its words, then its level, what the report says, what to do about it."""

    def __init__(self, languages: Sequence[str], data: Any = None) -> None:
        super().__init__(data=data, prefix="several")
        active = (get_language() or "").split("-")[0]
        self.language = active if active in languages else languages[0]
        name = dict(settings.LANGUAGES).get(self.language, self.language)
        self.fields["answers"] = forms.CharField(
            required=False,
            strip=False,
            max_length=MOST * MAX_TEXT,
            label=_("Several answers at once"),
            help_text=_(
                "One a line, in %(language)s, with | or a tab between the columns: the answer | its level | what the "
                "report says | what to do. The level and what follows may be left out. Keys are made of the answers."
            )
            % {"language": name},
            widget=forms.Textarea(attrs={"rows": 4, "lang": self.language}),
        )

    def clean_answers(self) -> list[dict[str, Any]]:
        """The bodies of the answers, in the order of the lines; the faults of every line are told at once."""
        lines = [(n, line) for n, line in enumerate(self.cleaned_data["answers"].splitlines(), 1) if line.strip()]
        if len(lines) > MOST:
            raise ValidationError(_("%(most)d lines at most.") % {"most": MOST})
        faults: list[str] = []
        bodies = [self._body(number, line, faults) for number, line in lines]
        if faults:
            raise ValidationError(faults)
        return bodies

    def _body(self, number: int, line: str, faults: list[str]) -> dict[str, Any]:
        cells = [cell.strip() for cell in re.split(r"\s*[|\t]\s*", line.strip())]
        if len(cells) > len(COLUMNS):
            faults.append(_("Line %(n)d has more than four columns.") % {"n": number})
        said = {name: cell for name, cell in zip(COLUMNS, cells, strict=False) if cell}
        if "label" not in said:
            faults.append(_("Line %(n)d has no answer in its first column.") % {"n": number})
        if any(len(cell) > MAX_TEXT for cell in cells):
            faults.append(_("Line %(n)d has a text that is too long.") % {"n": number})
        body: dict[str, Any] = {
            name: {self.language: said[name]} for name in ("label", "finding", "advice") if name in said
        }
        if level := said.get("level"):
            if level.isascii() and level.isdecimal() and int(level) <= TOP_LEVEL:
                body["level"] = int(level)
            else:
                words = _("Line %(n)d: “%(level)s” is no level: it is a number from 0 to %(top)d.")
                faults.append(words % {"n": number, "level": level[:20], "top": TOP_LEVEL})
        return body

    def named(self, taken: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each answer with a key that is not among ``taken``. Raises ``ValidationError`` where none can be made."""
        known = set(taken)
        for body in self.cleaned_data["answers"]:
            label = body["label"][self.language]
            key = made_key(label, known, may_begin_with_digit=True)
            if not key:
                raise ValidationError(_("No key can be made of “%(label)s”.") % {"label": label[:80]})
            known.add(key)
            yield key, body
