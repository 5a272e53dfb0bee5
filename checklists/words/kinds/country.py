"""A country."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from checklists.core.editions.edition import Question
from checklists.words.kinds.face import Face, Words


class Country(Face):
    key = "country"
    name = _("a country")
    radio = _("In this country:")
    written = _("the country written below")

    def said(self, question: Question, value: str) -> str:
        return str(countries.name(value)) or value

    def menu(self) -> Mapping[str, Words]:
        return dict(countries)

    def field(self) -> forms.Field:
        return forms.CharField(
            label=_("Country"),
            required=False,
            widget=forms.Select(choices=[("", "—"), *((code, name) for code, name in countries)]),
        )

    def read(self, typed: str) -> str:
        return typed if len(typed) == 2 and countries.name(typed) else "?"

    def listed(self, question: Question) -> list[str]:
        return [str(name) for _code, name in countries]

    def in_cell(self, question: Question, value: str) -> str:
        return self.said(question, value)

    def from_cell(self, question: Question, text: str) -> str:
        return next((code for code, name in countries if text in (code, str(name))), "?")
