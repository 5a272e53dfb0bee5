"""What a workbook says beside what stands, on one page: each line is taken or left, and nothing is stored before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.editions.edition import Question
from checklists.files.tables import MAX_BYTES
from checklists.files.workbook import Head, WorkbookRefused, read_workbook
from checklists.services.answers.save_answer import Said
from checklists.services.workbooks.compare import Change, Difference, Line, Standing, compare
from checklists.services.workbooks.take_back import Taken
from checklists.web.answers.conflicts import Version
from checklists.web.provider_answers.team import version_of
from checklists.words.vocabulary import pick

SALT = "checklists.workbook"
LASTS = 24 * 3600
"""Seconds that a page of differences can be sent for."""
CHANGES = {
    Change.HERE: gettext_lazy("Changed here since the workbook was downloaded"),
    Change.THERE: gettext_lazy("Changed in the workbook"),
    Change.BOTH: gettext_lazy("Changed on both sides: choose"),
}


@dataclass
class DifferenceLine:
    """One question of the page. ``is_ticked``: it is taken unless somebody unticks it."""

    key: str
    number: int
    text: str
    change: str
    words: Any
    stands: Version
    says: Version
    document: str
    valid_until: date | None
    is_open: bool
    is_ticked: bool
    errors: list[Any] = field(default_factory=list)


@dataclass
class Differences:
    """The lines that differ, how many do not, and what carries the workbook to the next request."""

    lines: list[DifferenceLine]
    same: int
    missing: int
    carried: str

    @property
    def open(self) -> int:
        return sum(line.is_open for line in self.lines)


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook filled in"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("XLSX, 2 MB at most. What differs is shown first: nothing is saved before you choose."),
    )


def lines_in(file: UploadedFile[Any] | None, head: Head, asked: Mapping[str, Question]) -> list[Line]:
    """The lines of a file that was sent. Raises ``WorkbookRefused``."""
    if file is None:
        raise WorkbookRefused(_("Choose the file of the workbook."))
    return read_workbook(file.read(MAX_BYTES + 1), head, asked)


def differences(
    lines: Iterable[Line],
    standing: Mapping[str, Standing],
    questions: Mapping[str, Question],
    head: Head,
    taken: Taken | None = None,
) -> Differences:
    """The page of ``lines``; those of ``taken`` that could not be saved say why."""
    lines = list(lines)
    found = compare(lines, standing)
    problems = taken or Taken()
    shown = [_line(each, questions[each.line.key], problems) for each in found if each.change != Change.NOWHERE]
    return Differences(
        lines=shown,
        same=len(found) - len(shown),
        missing=len(standing.keys() - {line.key for line in lines}),
        carried=_carried(lines, standing, head),
    )


def _line(one: Difference, question: Question, problems: Taken) -> DifferenceLine:
    key = question.key
    errors = list(problems.refused.get(key, ()))
    if key in problems.stale:
        errors.append(_("This answer changed after the page was shown: it is not saved. Both are shown: choose."))
    return DifferenceLine(
        key=key,
        number=one.line.number,
        text=pick(question.text),
        change=str(one.change),
        words=CHANGES[one.change],
        stands=version_of(question, one.standing.said),
        says=version_of(question, one.line.said),
        document=one.line.document if one.line.document not in one.standing.documents else "",
        valid_until=one.line.valid_until,
        is_open=one.is_open,
        is_ticked=one.change == Change.THERE and not errors,
        errors=errors,
    )


def _carried(lines: Iterable[Line], standing: Mapping[str, Standing], head: Head) -> str:
    """The workbook, signed: what was read once needs no file again, and nothing is kept here."""
    document = [
        {**asdict(line), "valid_until": line.valid_until.isoformat() if line.valid_until else None} for line in lines
    ]
    seen = {line.key: standing[line.key].mark for line in lines}
    return signing.dumps([head.about, head.number, head.edition, document, seen], salt=SALT, compress=True)


def carried_in(request: HttpRequest, head: Head, asked: Mapping[str, Question]) -> tuple[list[Line], dict[str, str]]:
    """The lines and the marks that were seen, as the page carried them. Raises ``WorkbookRefused``."""
    try:
        about, number, edition, document, seen = signing.loads(
            request.POST.get("carried", ""), salt=SALT, max_age=LASTS
        )
    except signing.BadSignature:
        raise WorkbookRefused(_("This page is too old, or was changed. Send the workbook again.")) from None
    if (about, number, edition) != (head.about, head.number, head.edition):
        raise WorkbookRefused(_("The questionnaire changed meanwhile. Download the workbook again."))
    lines = [
        Line(
            number=item["number"],
            key=item["key"],
            said=Said(**item["said"]),
            mark=item["mark"],
            document=item["document"],
            valid_until=date.fromisoformat(item["valid_until"]) if item["valid_until"] else None,
        )
        for item in document
    ]
    if not {line.key for line in lines} <= asked.keys():
        raise WorkbookRefused(_("The questionnaire changed meanwhile. Download the workbook again."))
    return lines, seen
