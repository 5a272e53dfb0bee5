"""One page of questions as a crispy form. Field names carry the question's key, so that each answer stands alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.facts import QuestionState
from checklists.core.kinds import kind_of
from checklists.models import Answer
from checklists.services.answers.save_answer import MAX_TEXT, Said
from checklists.services.team.threads import Talk
from checklists.web.answers.conflicts import Conflict
from checklists.words.editions.parts import wording_word
from checklists.words.gather import given_answers
from checklists.words.judging.presentation import SourceLine, origin_words, profile_words, source_lines, value_text
from checklists.words.kinds import face_of
from checklists.words.vocabulary import HARMS, pick

OPTION_PREFIX = "option:"
"""Before an option's key in a radio button, so that no option can be taken for 'unknown' or 'not_applicable'."""
GIVEN = "given"
"""The radio button that says 'the answer is what is typed below'."""


def names(key: str) -> dict[str, str]:
    """The form fields of one question."""
    return {part: f"q-{key}-{part}" for part in ("answer", "value", "justification", "comment", "revision")}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    definition: str
    is_checked: bool
    element: str
    is_escape: bool = False


@dataclass
class Card:
    """One question as the page shows it."""

    key: str
    number: int
    text: str
    why: str
    where: str
    harms: list[tuple[str, Any]]
    sources: tuple[SourceLine, ...]
    kind: str
    is_asked: bool
    choices: list[Choice]
    fields: dict[str, Any]
    field_names: str
    save_url: str
    revision: int
    state: str
    saved_at: Any
    is_not_applicable: bool
    has_comment: bool
    summary: str = ""
    table_url: str = ""
    origin: str = "respondent"
    origin_words: str = ""
    given_words: str = ""
    given_because: str = ""
    """Why a rule of the checklist gives that answer; '' when the control chain does."""
    profile_words: str = ""
    newer: str = ""
    newer_url: str = ""
    errors: dict[str, Any] = field(default_factory=dict)
    is_to_mend: bool = False
    conflict: Conflict | None = None
    saved_by: str = ""
    discussion_url: str = ""
    talk: Talk | None = None
    evidence: list[Any] = field(default_factory=list)
    evidence_url: str = ""
    rests_on: str = ""
    wording: str = ""
    """How its texts were come by, in words; '' when the checklist does not say."""


class QuestionCard(LayoutObject):
    """Renders one card inside a crispy layout."""

    def __init__(self, key: str) -> None:
        self.key = key

    def render(self, form: Any, context: Any, template_pack: Any = None, **kwargs: Any) -> str:
        card = form.cards[self.key]
        for bound in card.fields.values():
            form.rendered_fields.add(bound.name)
        return render_to_string(face_of(card.kind).card, {"card": card})


class QuestionnaireForm(forms.Form):
    """The questions of one page, with what stands saved, or with what was sent if ``data`` is given.

    ``states`` decides which cards are asked; the others are in the page, hidden, so that a script can show them.
    """

    def __init__(
        self,
        edition: Edition,
        questions: Iterable[Question],
        states: Mapping[str, QuestionState],
        rows: Mapping[str, Answer],
        save_urls: Mapping[str, str],
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data=data)
        self.cards: dict[str, Card] = {}
        questions = list(questions)
        for question in questions:
            if not kind_of(question.kind).is_table:
                self._add_fields(question, rows.get(question.key), states[question.key])
        number = 0
        for question in questions:
            number += states[question.key].asked
            self.cards[question.key] = self._card(
                edition, question, states[question.key], rows.get(question.key), number, save_urls[question.key]
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(QuestionCard(question.key) for question in questions))

    def _add_fields(self, question: Question, row: Answer | None, state: QuestionState) -> None:
        field_names = names(question.key)
        departs = gettext_lazy("Why does your answer differ from the control chain, or not apply?")
        self.fields[field_names["justification"]] = forms.CharField(
            label=departs if state.derived else gettext_lazy("Why does the question not apply?"),
            required=False,
            initial=row.justification if row else "",
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=gettext_lazy("Printed in the report."),
        )
        self.fields[field_names["comment"]] = forms.CharField(
            label=gettext_lazy("Comment"),
            required=False,
            initial=row.comment if row else "",
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=gettext_lazy("Clause, document, person asked, date. Printed in the report."),
        )
        face = face_of(question.kind)
        if field := face.field():
            field.initial = face.shown(row.value) if row else ""
            self.fields[field_names["value"]] = field

    def _card(
        self,
        edition: Edition,
        question: Question,
        state: QuestionState,
        row: Answer | None,
        number: int,
        save_url: str,
    ) -> Card:
        field_names = names(question.key)
        chosen = self._sent(field_names["answer"], _radio_value(question, row))
        fields = {part: self[name] for part, name in field_names.items() if name in self.fields}
        comment = self._sent(field_names["comment"], row.comment if row else "")
        sent_revision = self._sent(field_names["revision"], "")
        return Card(
            key=question.key,
            number=number,
            text=pick(question.text),
            why=pick(question.why),
            wording=wording_word(question.wording),
            where=pick(question.where),
            harms=[(harm.value, HARMS[harm]) for harm in question.harms],
            sources=source_lines(edition, question.sources),
            kind=question.kind,
            is_asked=state.asked,
            choices=choices_for(question, chosen),
            fields=fields,
            field_names=",".join(field_names.values()),
            save_url=save_url,
            revision=int(sent_revision) if sent_revision.isdecimal() else (row.revision if row else 0),
            state="saved" if row and row.revision else "",
            saved_at=row.updated_at if row and row.revision else None,
            saved_by=str(row.updated_by or "") if row and row.revision else "",
            is_not_applicable=chosen == "not_applicable",
            has_comment=bool(comment),
            table_url=save_url if kind_of(question.kind).is_table else "",
            origin=state.origin.value,
            origin_words=origin_words(question, state),
            given_words=value_text(question, state.derived) if state.derived else "",
            given_because=_because(edition, state),
            profile_words=profile_words(given_answers({question.key: row})[question.key]) if row else "",
        )

    def _sent(self, name: str, otherwise: str) -> str:
        return str(self.data.get(name, otherwise)) if self.is_bound else otherwise


def _because(edition: Edition, state: QuestionState) -> str:
    """Why a rule of the checklist gives the answer."""
    if not state.derived or state.from_chain:
        return ""
    return next((pick(rule.text) for rule in edition.derivations if rule.key == state.rule), "")


def choices_for(question: Question, chosen: str) -> list[Choice]:
    choices: list[tuple[str, str, str, bool]] = [
        (OPTION_PREFIX + option.key, pick(option.label), pick(option.definition), False)
        for option in question.options.values()
    ]
    if radio := str(face_of(question.kind).radio):
        choices.append((GIVEN, radio, "", False))
    choices.append(("unknown", _("I don’t know"), _("Counted as a doubt until it is established."), True))
    choices.append(("not_applicable", _("Not applicable"), _("The question has no object here; say why."), True))
    return [
        Choice(value, label, definition, value == chosen, f"q-{question.key}-answer-{index}", is_escape)
        for index, (value, label, definition, is_escape) in enumerate(choices)
    ]


def _radio_value(question: Question, row: Answer | None) -> str:
    if row is None or row.status == Answer.Status.UNANSWERED:
        return ""
    if row.status != Answer.Status.ANSWERED:
        return row.status
    return OPTION_PREFIX + row.value if kind_of(question.kind).has_options else GIVEN


def was_sent(question: Question, data: QueryDict) -> bool:
    return names(question.key)["revision"] in data


def said_in(question: Question, data: QueryDict) -> tuple[Said, int]:
    """What ``data`` says of ``question``, and the revision it rests on; checked by the service, not here."""
    field_names = names(question.key)
    sent = {part: data.get(name, "").replace("\r\n", "\n") for part, name in field_names.items()}
    answer, value = sent["answer"], ""
    face, typed = face_of(question.kind), sent["value"].strip()
    is_typed = bool(typed) and not face.kind.has_options
    if answer in ("unknown", "not_applicable"):
        status = answer
    elif answer.startswith(OPTION_PREFIX) and face.kind.has_options:
        status, value = Answer.Status.ANSWERED, answer.removeprefix(OPTION_PREFIX)
    elif answer in ("", GIVEN) and is_typed:
        # What is typed without ticking the button before it is still an answer.
        status, value = Answer.Status.ANSWERED, face.read(typed)
    elif answer in ("", GIVEN):
        status = Answer.Status.UNANSWERED
    else:
        status = answer[:20]
    revision = int(sent["revision"]) if sent["revision"].isdecimal() and len(sent["revision"]) < 9 else 0
    return Said(str(status), value, sent["justification"], sent["comment"]), revision


def as_stands(question: Question, row: Answer | None) -> dict[str, str]:
    """What the form would send had nobody touched the question: ``row`` as it stands, with its revision."""
    face = face_of(question.kind)
    sent = {
        "answer": _radio_value(question, row),
        "value": face.shown(row.value) if row and face.radio else "",
        "justification": row.justification if row else "",
        "comment": row.comment if row else "",
        "revision": str(row.revision if row else 0),
    }
    return {names(question.key)[part]: text for part, text in sent.items()}


def is_changed(said: Said, row: Answer | None) -> bool:
    """Whether saving would change anything: spares a query per untouched question when a whole page is sent."""
    standing = Said(row.status, row.value, row.justification, row.comment) if row else Said(Answer.Status.UNANSWERED)
    sent = Said(said.status, said.value, said.justification.strip(), said.comment.strip())
    return sent != standing


__all__ = ["MAX_TEXT", "Card", "QuestionnaireForm", "is_changed", "names", "said_in", "was_sent"]
