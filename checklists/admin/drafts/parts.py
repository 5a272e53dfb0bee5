"""Writing one part of a draft; a question with its possible answers on the same page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.admin.drafts.condition_builder import ACT
from checklists.admin.drafts.part_form import PartForm, Surroundings
from checklists.admin.drafts.several import SeveralForm
from checklists.models import Draft, DraftPart, User
from checklists.packs.editions.parts import FAMILIES, INNER
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.edit_draft import PartIsStale, add_part, change_part, place_part, remove_part
from checklists.services.drafts.open_draft import DraftRefused
from checklists.words.editions.conditions import catalogue
from checklists.words.editions.parts import family_word
from checklists.words.vocabulary import pick

BLANKS = 2
"""Empty forms for more possible answers at the end of a question's page."""


class Bench:
    """What one page of writing works on: a part that stands, or one to be made; and the forms of its page."""

    def __init__(self, request: HttpRequest, draft: Draft, family: str, part: DraftPart | None) -> None:
        self.request, self.draft, self.family, self.part = request, draft, family, part
        self.by: User = request.user  # type: ignore[assignment]
        rows = list(draft.parts.all())
        document = draft_document(draft, next_imprint(draft), rows)
        languages = draft.head.get("languages", [settings.LANGUAGE_CODE])
        self.around = Surroundings(languages, document, catalogue(document))
        self.inner_family = INNER[family][0] if family in INNER else ""
        self.inner = [row for row in rows if part and row.owner_id == part.pk]
        data = request.POST if request.method == "POST" else None
        self.is_choice = data is None or data.get("kind", "choice") == "choice"
        body = part.body if part else {"concern": request.GET["concern"]} if request.GET.get("concern") else {}
        sent = _number(data.get("revision")) if data is not None else None
        self.revision = sent if sent is not None else part.revision if part else None
        self.form = PartForm(family, self.around, body, is_new=part is None and self._has_key(), data=data)
        self.options = self._option_forms(data) if self.inner_family else []
        self.several = SeveralForm(languages, data) if self.inner_family else None

    def _has_key(self) -> bool:
        return "key" in FAMILIES[self.family].model_fields

    def _option_forms(self, data: Any) -> list[OptionForm]:
        siblings = [(row.key, pick(row.body.get("label")) or row.key) for row in self.inner]
        asked = data.get("options", "0") if data is not None else "0"
        blanks = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
        if data is None:
            blanks = BLANKS if self.inner else BLANKS + 1
        elif "more-options" in data:
            blanks += 1
        self.blanks = blanks
        forms_ = [
            OptionForm(self.inner_family, self.around, row, siblings, index, data)
            for index, row in enumerate(self.inner)
        ]
        after = len(forms_)
        forms_ += [OptionForm(self.inner_family, self.around, None, siblings, after + i, data) for i in range(blanks)]
        return forms_

    @property
    def forms(self) -> list[forms.Form]:
        """All that the page holds, in its order."""
        return [self.form, *self.options, *([self.several] if self.several is not None else [])]

    @property
    def is_only_redrawn(self) -> bool:
        """Whether a button was pressed that changes the page without saving."""
        return "more-options" in self.request.POST or any(name.endswith(ACT) for name in self.request.POST)

    def is_valid(self) -> bool:
        forms_valid = [option.is_valid() for option in self.options if option.counts]
        if self.several is not None:
            forms_valid.append(self.several.is_valid())
        return self.form.is_valid() and all(forms_valid)

    @transaction.atomic
    def save(self) -> DraftPart:
        """Keep everything the page says, or nothing. Raises ``DraftRefused`` or ``PartIsStale``."""
        part, body = self.part, self.form.new_body()
        if part is None:
            part = add_part(self.draft, self.family, self.form.cleaned_data.get("key", ""), body, self.by)
        else:
            part.draft = self.draft
            change_part(part, body, self.by, self.revision)
        for option in self.options:
            option.save(self.draft, part, self.by)
        self._order(part)
        self._add_several(part)
        return part

    def _add_several(self, part: DraftPart) -> None:
        """The answers given in lines, after the others."""
        if self.several is None:
            return
        taken = list(DraftPart.objects.filter(owner=part).values_list("key", flat=True))
        for key, body in self.several.named(taken):
            add_part(self.draft, self.inner_family, key, body, self.by, part)

    def rest_on(self, current: DraftPart) -> None:
        """Let the next save rest on what another editor wrote: saving again keeps what this page says."""
        if self.part is not None and self.part.pk == current.pk:
            self.revision = current.revision
        for option in self.options:
            if option.row is not None and option.row.pk == current.pk:
                option.revision = current.revision

    def _order(self, part: DraftPart) -> None:
        """Put the answers in the order their numbers say, moving only those that are out of place."""
        wanted = [o for o in self.options if o.row is not None and o.row.pk is not None]
        wanted.sort(key=lambda option: (option.order, option.index))
        standing = list(DraftPart.objects.filter(owner=part))
        target = [option.row.pk for option in wanted if option.row is not None]
        for index in range(len(target) - 1, -1, -1):
            pks = [row.pk for row in standing]
            if pks == target:
                return
            row = next(row for row in standing if row.pk == target[index])
            after = next((r for r in standing if index + 1 < len(target) and r.pk == target[index + 1]), None)
            at = pks.index(row.pk)
            follower = pks[at + 1] if at + 1 < len(pks) else None
            if follower != (after.pk if after else None):
                row.draft = self.draft
                place_part(row, after, self.by)
                standing = list(DraftPart.objects.filter(owner=part))


class OptionForm(PartForm):
    """One possible answer on its question's page. An empty one that nobody filled in counts for nothing."""

    def __init__(
        self,
        family: str,
        around: Surroundings,
        row: DraftPart | None,
        siblings: list[tuple[str, str]],
        index: int,
        data: Any,
    ) -> None:
        self.row, self.index, self.is_new = row, index, row is None
        others = [(key, label) for key, label in siblings if row is None or key != row.key]
        body = row.body if row else None
        # By the row, not by its place: another editor may have added or moved one since the page was shown.
        prefix = f"option-{row.pk}" if row else f"option-new-{index - len(siblings)}"
        super().__init__(family, around, body, is_new=row is None, siblings=others, data=data, prefix=prefix)
        sent = _number(data.get(f"{prefix}-revision")) if data is not None else None
        self.revision = sent if sent is not None else row.revision if row else None
        self.fields["ORDER"] = forms.IntegerField(
            label=_("Order"), min_value=1, max_value=999, required=False, initial=index + 1
        )
        if row is not None:
            self.fields["DELETE"] = forms.BooleanField(label=_("Take this answer out"), required=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in a blank form."""
        return self.is_new and not any(
            value.strip()
            for name, value in self.data.items()
            if name.startswith(f"{self.prefix}-") and "ORDER" not in name
        )

    @property
    def is_open(self) -> bool:
        """Whether a blank form should be shown open: something was typed, or the question has no answer yet."""
        return self.counts or self.index < BLANKS

    @property
    def counts(self) -> bool:
        was_shown = self.is_new or f"{self.prefix}-revision" in self.data
        return self.is_bound and was_shown and not self.is_empty

    @property
    def order(self) -> int:
        asked: int | None = self.cleaned_data.get("ORDER") if self.counts else None
        return asked or self.index + 1

    @property
    def needs_key(self) -> bool:
        return self.is_new and not self.is_empty

    def _taken_keys(self) -> set[str]:
        return {key for key, _label in self.siblings}

    def save(self, draft: Draft, question: DraftPart, by: User) -> None:
        if not self.counts:
            return
        if self.row is None:
            self.row = add_part(draft, self.family, self.cleaned_data["key"], self.new_body(), by, question)
            return
        self.row.draft, self.row.owner = draft, question
        if self.cleaned_data.get("DELETE"):
            remove_part(self.row, by)
            self.row = None
        else:
            change_part(self.row, self.new_body(), by, self.revision)


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 9 else None


def write_part(
    request: HttpRequest, draft: Draft, family: str, part: DraftPart | None
) -> HttpResponse | dict[str, Any]:
    """Save and go on, or the context of the page to show (again)."""
    if family not in FAMILIES:
        raise Http404(f"no family {family}")
    bench = Bench(request, draft, family, part)
    status = 200
    if request.method == "POST" and not bench.is_only_redrawn:
        if bench.is_valid():
            try:
                saved = bench.save()
            except DraftRefused as refusal:
                bench.form.add_error(None, str(refusal))
            except forms.ValidationError as fault:
                bench.form.add_error(None, fault)
            except PartIsStale as stale:
                words = _("Someone changed “%(place)s” meanwhile. Your version is still here, not saved. To see "
                    "theirs, open the page again in another tab. To keep yours, save again.")  # fmt: skip
                bench.form.add_error(None, words % {"place": stale.current.place})
                bench.rest_on(stale.current)
            else:
                messages.success(request, _("Saved."))
                return redirect("admin:checklists_draft_part", draft.pk, saved.pk)
        status = 422
    body = part.body if part else {}
    title = pick(body.get("title") or body.get("text") or body.get("term"))
    redrawn = request.method != "POST" or bench.is_only_redrawn
    return {
        "draft": draft,
        "family": family,
        "part": part,
        "form": bench.form,
        "options": bench.options,
        "several": bench.several,
        "blanks": getattr(bench, "blanks", 0),
        "errors": [] if redrawn else [line for form in bench.forms for line in _errors(form)],
        "revision": bench.revision or "",
        "word": family_word(family),
        "title": f"{family_word(family)} · {title}" if title else family_word(family),
        "status": status,
        "is_redrawn": redrawn,
    }


def _errors(form: forms.Form) -> list[tuple[str, str, str]]:
    """(anchor, label, message) of each error of a form."""
    if isinstance(form, OptionForm) and not form.counts:
        return []
    found = []
    for name, problems in form.errors.items():
        bound = form[name] if name in form.fields else None
        label = str(bound.label) if bound is not None else ""
        anchor = f"field-{bound.html_name}" if bound is not None else "content-start"
        found += [(anchor, label, str(problem)) for problem in problems]
    return found


def part_of(draft: Draft, part_id: int) -> DraftPart:
    part = get_object_or_404(DraftPart.objects.filter(draft=draft, owner=None), pk=part_id)
    part.draft = draft
    return part


def part_url(draft: Draft, part: DraftPart) -> str:
    return reverse("admin:checklists_draft_part", args=[draft.pk, part.pk])
