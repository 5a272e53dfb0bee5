"""A text in every language of the checklist, side by side in one form field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings

MAX_TEXT = 4000


class TextsWidget(forms.MultiWidget):
    template_name = "admin/drafts/texts_widget.html"
    use_fieldset = True

    def __init__(self, languages: Sequence[str], rows: int) -> None:
        self.languages = languages
        areas: dict[str, forms.Widget | type[forms.Widget]] = {
            code: forms.Textarea(attrs={"rows": rows, "lang": code, "maxlength": MAX_TEXT}) for code in languages
        }
        super().__init__(areas)

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        named = dict(settings.LANGUAGES)
        pairs = zip(self.languages, context["widget"]["subwidgets"], strict=True)
        context["areas"] = [(code, named.get(code, code), area) for code, area in pairs]
        return context


class TextsField(forms.MultiValueField):
    """Cleans to a mapping of language to sentence; a language left empty is left out, ``None`` when all are."""

    def __init__(self, languages: Sequence[str], rows: int = 2, **kwargs: Any) -> None:
        self.languages = languages
        fields = [forms.CharField(max_length=MAX_TEXT, required=False) for _code in languages]
        super().__init__(fields, widget=TextsWidget(languages, rows), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str] | None:
        pairs = zip(self.languages, data_list, strict=False)
        return {code: text.replace("\r\n", "\n") for code, text in pairs if text} or None
