"""The form of a decided case: what was decided, and the facts as menus, one a question of the checklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from checklists.admin.drafts.texts import TextsField
from checklists.core.editions.edition import Edition, Question
from checklists.core.editions.vocabulary import Verdict
from checklists.core.kinds import kind_of
from checklists.words.day_field import DayField
from checklists.words.vocabulary import VERDICTS, pick

TEXTS = ("title", "authority", "note")


@dataclass(frozen=True)
class FactGroup:
    """The facts of one concern; ``is_open`` when one of them is given."""

    title: str
    fields: list[forms.BoundField]
    given: int


class CaseForm(forms.Form):
    """One case of the checklist of ``edition``. ``body`` is what stands, as a file of cases says it."""

    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=64,
        validators=[RegexValidator(r"^[a-z][a-z0-9_-]*$", gettext_lazy("Small letters, figures and hyphens only."))],
        help_text=gettext_lazy("A short name, for ever."),
    )

    def __init__(self, edition: Edition, body: Mapping[str, Any], *, is_new: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.edition, self.body = edition, dict(body)
        self.facts: dict[str, Any] = dict(self.body.get("facts") or {})
        if not is_new:
            del self.fields["key"]
        self._add_words()
        for key, question in edition.questions.items():
            if not kind_of(question.kind).is_table:
                self.fields[_name(key)] = _fact_field(question, said_as(self.facts.get(key)))
        self.strangers = {key: value for key, value in self.facts.items() if _name(key) not in self.fields}

    def _add_words(self) -> None:
        labels = {"title": _("Title"), "authority": _("Who decided"), "note": _("What was decided, and why")}
        for name in TEXTS:
            self.fields[name] = TextsField(
                self.edition.languages,
                4 if name == "note" else 1,
                label=labels[name],
                required=name == "title",
                initial=self._texts(name),
            )
        day = self.body.get("reference_date")
        self.fields["reference_date"] = DayField(
            label=_("Day of the decision"),
            initial=date.fromisoformat(str(day)).strftime("%d/%m/%Y") if day else None,
            help_text=_("Day/month/year. The law is read as it stood on that day."),
        )
        self.fields["source"] = forms.CharField(
            label=_("Source"),
            max_length=500,
            initial=pick_source(self.body),
            help_text=_("The decision, as one cites it."),
        )
        expected = [*_listed(self.body.get("expected")), *_listed(self.body.get("expected_any"))]
        self.fields["expected"] = forms.MultipleChoiceField(
            label=_("Verdict that follows what was decided"),
            choices=[(verdict.key, VERDICTS[verdict]) for verdict in Verdict],
            widget=forms.CheckboxSelectMultiple,
            initial=expected,
            help_text=_("Several, where the decision leaves it open."),
        )

    def _texts(self, name: str) -> dict[str, str]:
        said = self.body.get(name, "")
        return dict(said) if isinstance(said, Mapping) else dict.fromkeys(self.edition.languages, str(said))

    def words_fields(self) -> Iterator[forms.BoundField]:
        """What is not a fact, in order."""
        for name in ("key", "title", "authority", "reference_date", "source", "expected", "note"):
            if name in self.fields:
                yield self[name]

    def fact_groups(self) -> list[FactGroup]:
        """The facts by concern, in the order of the questionnaire."""
        groups = []
        for concern in self.edition.concerns.values():
            names = [_name(key) for key in concern.questions if _name(key) in self.fields]
            fields = [self[name] for name in names]
            given = sum(bool(field.value()) for field in fields)
            groups.append(FactGroup(pick(concern.title), fields, given))
        return [group for group in groups if group.fields]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not any(name.startswith("fact-") and value for name, value in said.items()) and not self.strangers:
            self.add_error(None, _("Give one fact or more: a case without facts cannot be judged."))
        return said

    def new_body(self) -> dict[str, Any]:
        """The case as a file says it, facts in the order of the checklist; what has no field here stays."""
        said = self.cleaned_data
        facts = {}
        for key in self.edition.questions:
            value = said.get(_name(key))
            if value:
                facts[key] = value.isoformat() if isinstance(value, date) else str(value)
        texts = {name: said[name] for name in TEXTS if said.get(name)}
        kept = {name: value for name, value in self.body.items() if name not in ("id", "expected_any", *TEXTS)}
        return {
            **kept,
            **texts,
            "reference_date": said["reference_date"].isoformat(),
            "source": said["source"],
            "expected": said["expected"],
            "facts": facts | self.strangers,
        }


def said_as(value: Any) -> str:
    """A fact as a file may write it (``yes``, ``true``), as its menu names it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def pick_source(body: Mapping[str, Any]) -> str:
    said = body.get("source", "")
    return pick(said) if isinstance(said, Mapping) else str(said)


def _listed(said: Any) -> list[str]:
    return [str(word) for word in said] if isinstance(said, list) else [str(said)] if said else []


def _name(key: str) -> str:
    return f"fact-{key}"


def _fact_field(question: Question, standing: str) -> forms.Field:
    label = pick(question.text)
    if question.kind == "date":
        initial = date.fromisoformat(standing).strftime("%d/%m/%Y") if _is_day(standing) else None
        return DayField(label=label, required=False, initial=initial)
    choices = [("", _("the decision does not say"))]
    if question.kind == "country":
        choices += [(code, name) for code, name in countries]
    else:
        choices += [(key, pick(option.label)) for key, option in question.options.items()]
    choices.append(("unknown", _("not known, the decision says")))
    if standing and standing not in dict(choices):
        choices.append((standing, _("%(key)s (no longer exists)") % {"key": standing}))
    return forms.ChoiceField(label=label, required=False, choices=choices, initial=standing)


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True
