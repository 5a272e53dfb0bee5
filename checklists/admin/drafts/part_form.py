"""The form of one part of a draft, read from the pack schema: a field the schema gains gets its menu or its box.

What has no editor here (a list or a mapping this module does not know) is shown as it stands and kept untouched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import TypeAdapter
from pydantic import ValidationError as ShapeError
from pydantic.fields import FieldInfo

from checklists.admin.drafts.condition_builder import ConditionField
from checklists.admin.drafts.keys import made_key
from checklists.admin.drafts.texts import TextsField
from checklists.core.kinds import kinds
from checklists.packs.editions import schema
from checklists.packs.editions.parts import is_row, model_of
from checklists.words.editions.conditions import Catalogue
from checklists.words.editions.parts import HELP, choice_word, field_word
from checklists.words.kinds import faces
from checklists.words.vocabulary import pick

REFERENCES = {
    "concern": "concerns",
    "regime": "laws",
    "replaces": "laws",
    "ends": "laws",
    "to": "questions",
    "question": "questions",
    "adequacy_of": "questions",
    "sources": "sources",
}
"""Fields that name parts of another family of the same draft."""
LONG = ("why", "where", "finding", "advice", "summary", "definition", "note")
KINDS = {"to": "date", "adequacy_of": "country"}
"""Fields that name a question of one kind only."""
FIRST = ("key", "title", "text", "label", "term", "concern", "scope", "kind", "level", "weight")
"""Fields that come first, in this order; the others follow in the order of the schema."""
SHORT = ("kind", "level", "weight", "finding", "advice", "when", "value", "country", "ORDER", "DELETE")
"""Fields that are never folded, though the schema does not ask for them; those it asks for never are."""
NAMING = ("title", "text", "label", "term")
"""Fields that a key is made of."""
EMPTY = ("", "—")


@dataclass(frozen=True)
class Surroundings:
    """What the form of a part needs to know of its draft."""

    languages: Sequence[str]
    document: Mapping[str, Any]
    facts: Catalogue


class PartForm(forms.Form):
    """One part of ``family``. ``body`` is what stands; ``key`` is asked for only when the part is new."""

    def __init__(
        self,
        family: str,
        around: Surroundings,
        body: Mapping[str, Any] | None = None,
        *,
        is_new: bool = False,
        siblings: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.family, self.around, self.siblings = family, around, siblings
        self.body = dict(body or {})
        self.model = model_of(family)
        self.kept: list[tuple[Any, str]] = []
        self.aliases: dict[str, FieldInfo] = {}
        for name, info in self.model.model_fields.items():
            alias = info.alias or name
            if is_row(self.model, name) or (name == "key" and not is_new):
                continue
            editor = self._editor(alias, info)
            if editor is None:
                if alias in self.body:
                    shown = json.dumps(self.body[alias], ensure_ascii=False, indent=1)
                    self.kept.append((field_word(alias), shown))
                continue
            editor.label, editor.help_text = str(field_word(alias)), str(HELP.get(alias, ""))
            editor.initial = self.body.get(alias, None if info.is_required() else info.get_default())
            self.fields[alias], self.aliases[alias] = editor, info
        self.order_fields(FIRST)

    @property
    def needs_key(self) -> bool:
        return "key" in self.aliases

    @property
    def short(self) -> list[forms.BoundField]:
        """What is asked for at once."""
        return [self[name] for name in self.fields if not self._is_folded(name)]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What may be left as it is."""
        return [self[name] for name in self.fields if self._is_folded(name)]

    @property
    def is_unfolded(self) -> bool:
        """Whether something of what is folded stands, or was sent."""
        return self.is_bound or any(
            self.body.get(name) not in (None, "", [], self.aliases[name].default)
            for name in self.fields
            if self._is_folded(name)
        )

    def _is_folded(self, name: str) -> bool:
        return name not in SHORT and name in self.aliases and not self.aliases[name].is_required()

    def _taken_keys(self) -> set[str]:
        """The keys a new one must differ from."""
        return {item["key"] for item in self.around.document[self.family]}

    def _editor(self, alias: str, info: FieldInfo) -> forms.Field | None:
        """The form field for one field of the schema; ``None`` when there is none yet."""
        annotation = _bare(info.annotation)
        optional: dict[str, Any] = {"required": False}
        if annotation == schema.Text:
            return TextsField(self.around.languages, rows=3 if alias in LONG else 2, **optional)
        if annotation == schema.Condition:
            return ConditionField(self._facts(alias), **optional)
        if annotation == schema.KindKey:
            return forms.ChoiceField(choices=[(face.key, face.name) for face in faces()], **optional)
        if alias == "lapsed_to":
            return forms.ChoiceField(choices=[EMPTY, *self.siblings], **optional)
        if alias in REFERENCES:
            choices = list(self._named(alias))
            if get_origin(annotation) is list:
                return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **optional)
            return forms.ChoiceField(choices=[EMPTY, *choices], **optional)
        return _plain_editor(annotation, info)

    def _facts(self, alias: str) -> Catalogue:
        """A question may depend only on choices and countries; a rule may read everything."""
        if alias != "applies":
            return self.around.facts
        compared = {kind.key for kind in kinds() if kind.is_compared}
        return {key: f for key, f in self.around.facts.items() if f.kind in compared}

    def _named(self, alias: str) -> Iterator[tuple[str, str]]:
        listed = self.around.document[REFERENCES[alias]]
        if isinstance(self.body.get(alias), list):
            listed = sorted(listed, key=lambda item: item["key"] not in self.body[alias])
        for item in listed:
            if alias not in KINDS or item.get("kind") == KINDS[alias]:
                yield item["key"], pick(item.get("title") or item.get("text")) or item["key"]
        standing = self.body.get(alias)
        known = {item["key"] for item in self.around.document[REFERENCES[alias]]}
        for key in [standing] if isinstance(standing, str) else standing or []:
            if key not in known:
                yield key, _("%(key)s (no longer exists)") % {"key": key}

    def clean(self) -> dict[str, Any]:
        """Each field alone must be what the schema asks for; what is missing is told by the checks, not here."""
        cleaned = super().clean() or {}
        for alias, info in self.aliases.items():
            value = cleaned.get(alias)
            if alias in self.errors or value in (None, "", []):
                continue
            try:
                kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
                TypeAdapter[Any](kind).validate_python(value)
            except ShapeError:
                self.add_error(alias, _("This is not what is expected here. %(help)s") % {"help": HELP.get(alias, "")})
        if self.needs_key and not cleaned.get("key") and "key" not in self.errors:
            named = next((cleaned[name] for name in NAMING if cleaned.get(name)), None)
            cleaned["key"] = made_key(pick(named), self._taken_keys())
            if not cleaned["key"]:
                self.add_error("key", _("Give it a key: none can be made of its text."))
        link = cleaned.get("url")
        if link and not link.startswith("https://"):
            self.add_error("url", ValidationError(_("The link must start with https://")))
        return cleaned

    def new_body(self) -> dict[str, Any]:
        """The contents to keep: what was typed, and what this form has no editor for. Empty fields are left out."""
        body = dict(self.body)
        for alias, info in self.aliases.items():
            if alias == "key":
                continue
            value = self.cleaned_data.get(alias)
            if isinstance(value, list):
                # What was chosen before keeps its order, what is new comes after.
                standing = [one for one in self.body.get(alias, ()) if one in value]
                value = standing + [one for one in value if one not in standing]
            # An empty list is left out where the schema asks for one thing or more: a rule of prudence has no source.
            if value in (None, "") or (value == [] and info.is_required() and info.metadata):
                body.pop(alias, None)
            else:
                body[alias] = value
        return body


class CodesField(forms.CharField):
    """Several short codes, such as countries, written with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [code.strip() for code in (super().clean(value) or "").split(",") if code.strip()]


def _bare(annotation: Any) -> Any:
    """``annotation`` without what may be ``None`` and without its constraints."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(arm for arm in get_args(annotation) if arm is not type(None))
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    return annotation


def _plain_editor(annotation: Any, info: FieldInfo) -> forms.Field | None:
    optional: dict[str, Any] = {"required": False}
    origin = get_origin(annotation)
    if origin is Literal:
        choices = [(value, choice_word(value)) for value in get_args(annotation)]
        may_be_empty = info.is_required() or info.default is None
        return forms.ChoiceField(choices=[EMPTY, *choices] if may_be_empty else choices, **optional)
    if origin is list:
        inner = _bare(get_args(annotation)[0])
        if inner is str:
            return CodesField(**optional)
        if get_origin(inner) is Literal:
            choices = [(value, choice_word(value)) for value in get_args(inner)]
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **optional)
        return None
    if annotation is bool:
        return forms.BooleanField(**optional)
    if annotation is int:
        return forms.IntegerField(**optional)
    if annotation is str:
        return forms.CharField(max_length=500, **optional)
    return None
