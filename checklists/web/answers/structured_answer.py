"""The page of a question whose answer is a table: shown, filled in, and saved with the revision seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.core.people.permissions import Action
from checklists.models import Answer
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest, kept_form, offer_or_404
from checklists.words.judging.presentation import source_lines
from checklists.words.kinds import face_of
from checklists.words.vocabulary import pick

Table = TypeVar("Table")


class StructuredAnswer(ABC, Generic[Table]):
    """One request for the page of an offer's only question of ``kind``.

    A subclass says how a ``Table`` is read, from what is saved or what was sent, written, and shown. Its heading, its
    address and its line in words are those of the kind's face.
    """

    kind: ClassVar[str]
    template: ClassVar[str]

    def __init__(self, request: SignedRequest, offer_id: UUID) -> None:
        self.request = request
        self.face = face_of(self.kind)
        self.offer = offer_or_404(request, offer_id, may=Action.ANSWER)
        self.desk = Desk(self.offer.assessment, self.offer)
        key = self.desk.edition.of_kind(self.kind)
        if key is None:
            raise Http404(f"this edition has no question of the kind {self.kind}")
        self.key = key
        self.row = self.desk.rows.get(key)
        self.go = request.POST.get("go", "save")

    @abstractmethod
    def stored(self, value: str) -> Table:
        """The table of a saved ``value``; '' for nothing saved."""

    @abstractmethod
    def sent(self, data: QueryDict) -> tuple[Table, list[str]]:
        """The table that ``data`` describes, and what is wrong with it, in the reader's language."""

    @abstractmethod
    def text(self, table: Table) -> str:
        """The value to save; '' when the table is empty."""

    @abstractmethod
    def around(self, table: Table) -> dict[str, Any]:
        """The context that is the page's own: its tables, what follows from them."""

    def anchor(self) -> str:
        """Where on the page one goes on after saving, '' for its beginning: a query and a fragment."""
        return ""

    def response(self) -> HttpResponse:
        """The page, or where to go on once what was sent is saved."""
        if kept := kept_form(self.request):
            messages.warning(
                self.request,
                _("Your session had ended. What you had typed is below, not saved yet: check it, then save."),
            )
            return self._show(self.sent(kept)[0], revision=kept.get("revision", "0"))
        if self.request.method == "POST":
            return self._save()
        return self._show(self.stored(self.row.value if self.row else ""))

    def _save(self) -> HttpResponse:
        table, errors = self.sent(self.request.POST)
        if errors:
            return self._show(table, errors=errors, status=422)
        value = self.text(table)
        status = Answer.Status.ANSWERED if value else Answer.Status.UNANSWERED
        if self.go == "unknown" and not value:
            status = Answer.Status.UNKNOWN
        try:
            self._keep(status, value)
        except AnswerIsStale as stale:
            self.row = stale.current
            return self._show(table, theirs=stale.current, status=409)
        except AnswerRefused as refused:
            return self._show(table, errors=list(refused.errors.values()), status=422)
        if self.go == "next":
            return redirect(f"{self._concern_url()}#q-{self.key}")
        anchor = self.anchor()
        if not anchor:
            messages.success(self.request, _("Saved."))
        return redirect(reverse(self.face.page, args=[self.offer.pk]) + anchor)

    def _keep(self, status: Answer.Status, value: str) -> None:
        """Save the answer; a justification given before stays. Raises ``AnswerIsStale`` or ``AnswerRefused``."""
        posted = self.request.POST
        seen, comment = posted.get("revision", ""), posted.get("comment", "").replace("\r\n", "\n")
        save_answer(
            assessment=self.desk.assessment,
            offer=self.offer,
            question=self.desk.edition.questions[self.key],
            said=Said(str(status), value, self.row.justification if self.row else "", comment),
            revision=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            by=self.request.user,
        )

    def _show(
        self,
        table: Table,
        *,
        errors: list[str] | None = None,
        theirs: Answer | None = None,
        revision: str = "",
        status: int = 200,
    ) -> HttpResponse:
        row, question = self.row, self.desk.edition.questions[self.key]
        context = {
            "assessment": self.desk.assessment,
            "offer": self.offer,
            "heading": self.face.heading,
            "concern_url": self._concern_url(),
            "text": pick(question.text),
            "why": pick(question.why),
            "where": pick(question.where),
            "sources": source_lines(self.desk.edition, question.sources),
            "revision": revision or (row.revision if row else 0),
            "comment": self.request.POST.get("comment", row.comment if row else ""),
            "is_unknown": bool(row and row.status == Answer.Status.UNKNOWN),
            "is_empty": not self.text(table),
            "errors": errors or [],
            "theirs": self._theirs(theirs),
        }
        return render(self.request, self.template, context | self.around(table), status=status)

    def _theirs(self, row: Answer | None) -> str:
        """What another person saved meanwhile, in a line."""
        if row is None:
            return ""
        if not row.value:
            return str(row.get_status_display())
        return self.face.summary(self.desk.edition, row.value, self.desk.assessment.reference_date)

    def _concern_url(self) -> str:
        return reverse("concern", args=[self.offer.pk, self.desk.edition.questions[self.key].concern])
