"""A file that somebody sends into a draft: what it is, what it would change, and its way back when it is confirmed.

Nothing of it is kept here in between: what was read goes to the page, signed, and comes back with the confirmation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.utils.translation import gettext as _

from checklists.admin.drafts.problem_lines import translated
from checklists.admin.drafts.text_tables import PLACE, STAMP, context, sent_rows
from checklists.core.editions.difference import FieldChange
from checklists.core.editions.edition import fingerprint
from checklists.files.tables import TableRefused, is_workbook, read_table
from checklists.models import Draft, Edition
from checklists.packs.drafts.incoming import Incoming, read_incoming
from checklists.packs.drafts.texts import NO_TEXT, RefusedRow, Rewritten, SentRow, plain, rewrite, text_rows
from checklists.packs.files.problems import WHOLE, PackError, Problem, gettext_noop
from checklists.services.drafts.check_draft import check_document
from checklists.services.drafts.import_pack import ImportTarget, Proposal, propose, standing_draft, what_stands
from checklists.services.foreign_files import ForeignRefused, read_bounded
from checklists.words.editions.difference import Chapter, FieldLine, Speaker, difference_chapters, field_lines
from checklists.words.editions.parts import FAMILIES, family_word, field_word

MAX_FILE = 2_000_000
KEPT_FOR = 12 * 3600
"""Seconds a preview can be confirmed for: a working day's session."""
SHOWN = 200
"""Problems listed; the rest are counted."""


class PreviewLost(Exception):
    """What came back with a confirmation was not given to this person for this draft, or too long ago."""


@dataclass(frozen=True)
class FileLine:
    """One problem of a file in words; ``line`` is where it stands, if known."""

    line: int | None
    where: str
    message: str
    remedy: str
    is_warning: bool


@dataclass(frozen=True)
class RefusedLine:
    """One row of a table that is left out, what it says beside what stands."""

    number: int
    where: str
    place: str
    reason: str
    texts: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Preview:
    """Everything the page that asks shows."""

    proposal: Proposal
    chapters: list[Chapter]
    changelog: list[FieldLine]
    problems: list[FileLine]
    rewritten: Rewritten | None
    refused: list[RefusedLine]
    edition: Edition | None
    """The published edition that the file is, word for word."""

    @property
    def differs(self) -> bool:
        return bool(self.chapters or self.changelog) or self.proposal.standing.document is None

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many parts are added, removed, changed and moved in all."""
        kinds = ("added", "removed", "changed", "moved")
        return [(kind, total) for kind in kinds if (total := sum(chapter.count(kind) for chapter in self.chapters))]

    @property
    def errors(self) -> list[FileLine]:
        return [line for line in self.problems if not line.is_warning]

    @property
    def warnings(self) -> list[FileLine]:
        return [line for line in self.problems if line.is_warning]


@dataclass(frozen=True)
class Sent:
    """What a file says: a checklist's document, or the rows of a table of texts."""

    name: str
    document: Mapping[str, Any] | None
    rows: tuple[SentRow, ...]
    incoming: Incoming | None = None

    def standing(self, draft: Draft | None) -> ImportTarget:
        """What it would change. Raises ``DraftRefused``, or ``PackError`` when it is not of this draft's checklist."""
        if draft is None:
            return what_stands((self.document or {})["key"])
        if self.document is not None and self.document["key"] != draft.checklist:
            message = gettext_noop(
                "the file is of the checklist '%(theirs)s', the draft of '%(ours)s'",
                theirs=self.document["key"],
                ours=draft.checklist,
            )
            remedy = gettext_noop("Write the draft’s key in the file, or import it from the list of drafts.")
            lines = self.incoming.lines if self.incoming else {}
            raise PackError([Problem("key", message, remedy, lines.get(("key",)))])
        return standing_draft(draft)

    def rewritten(self, standing: ImportTarget) -> Rewritten | None:
        """What a table of texts makes of ``standing``."""
        return rewrite(standing.document or {}, self.rows) if self.document is None else None

    def proposal(self, standing: ImportTarget) -> Proposal:
        rewritten = self.rewritten(standing)
        return propose(standing, rewritten.document if rewritten else self.document or {})

    def preview(self, standing: ImportTarget) -> Preview:
        before = standing.document or {}
        rewritten, proposal = self.rewritten(standing), self.proposal(standing)
        found = check_document(proposal.after)
        if self.incoming:
            found = [self.incoming.placed(problem) for problem in found]
        old, new = Speaker(before), Speaker(proposal.after)
        changelog = FieldChange("changelog", before.get("changelog"), proposal.changelog)
        return Preview(
            proposal=proposal,
            chapters=difference_chapters(before, proposal.after),
            changelog=list(field_lines(changelog, old, new)) if proposal.changelog is not None else [],
            problems=file_lines(problem for problem in found if not problem.place.startswith("changelog")),
            rewritten=rewritten,
            refused=_refused_lines(rewritten.refused, before) if rewritten else [],
            edition=self._same_as(),
        )

    def _same_as(self) -> Edition | None:
        if self.document is None:
            return None
        return Edition.objects.defer("document").filter(sha256=fingerprint(self.document)).first()

    def packed(self, user: AbstractBaseUser, draft: Draft | None, mark: str) -> str:
        """What the page sends back to confirm; only for ``user``, ``draft``, and :data:`KEPT_FOR` seconds."""
        rows = [(row.number, row.place, row.stamp, row.texts) for row in self.rows]
        said = {"name": self.name, "document": self.document, "rows": rows, "mark": mark}
        return signing.dumps(said, salt=_salt(user, draft), compress=True)


def unpack(token: str, user: AbstractBaseUser, draft: Draft | None) -> tuple[Sent, str]:
    """What :meth:`Sent.packed` made, and the mark of what stood then. Raises ``PreviewLost``."""
    try:
        said = signing.loads(token, salt=_salt(user, draft), max_age=KEPT_FOR)
    except signing.BadSignature:
        raise PreviewLost from None
    return Sent(said["name"], said["document"], tuple(SentRow(*row) for row in said["rows"])), said["mark"]


def _salt(user: AbstractBaseUser, draft: Draft | None) -> str:
    return f"import of {user.pk} into {draft.pk if draft else 'none'}"


def read_file(name: str, raw: bytes, draft: Draft | None) -> Sent:
    """What the file says. Raises ``PackError`` or ``TableRefused``."""
    name = name[:120]
    if not _is_table(name, raw):
        try:
            read_bounded("pack", raw)
        except ForeignRefused as refusal:
            raise TableRefused(str(refusal)) from refusal
        incoming = read_incoming(raw)
        return Sent(name, incoming.document, (), incoming)
    if draft is None:
        raise TableRefused(
            _("A table of texts goes into a draft: open the draft, then import it on its page of files.")
        )
    rows = sent_rows(read_table(raw, (PLACE, STAMP)), list(draft.head.get("languages", ())))
    standing = {row.place: row.texts for row in text_rows(standing_draft(draft).document or {})}
    # Rows that say what stands need not travel; those that name nothing are told.
    told = [row for row in rows if _differs(row, standing.get(row.place))]
    return Sent(name, None, tuple(told))


def _differs(row: SentRow, texts: Mapping[str, str] | None) -> bool:
    return texts is None or any(plain(text) != plain(texts.get(code, "")) for code, text in row.texts.items())


def _is_table(name: str, raw: bytes) -> bool:
    first = raw.split(b"\n", 1)[0]
    named = PLACE.encode() in first and STAMP.encode() in first
    return is_workbook(raw) or named or name.lower().endswith((".csv", ".tsv", ".xlsx", ".xls", ".ods", ".numbers"))


def file_lines(problems: Iterable[Problem]) -> list[FileLine]:
    """Each problem in the active language, in the order of the file where lines are known."""
    lines = [
        FileLine(p.line, place_words(p.place), translated(p.message), translated(p.remedy), p.is_warning)
        for p in problems
    ]
    return sorted(lines, key=lambda line: (line.is_warning, line.line or 0))


def place_words(place: str) -> str:
    """``questions/key_holder/options/none`` as "Question › key_holder › Possible answer › none"."""
    if place == WHOLE:
        return _("The file")
    words, is_key = [], False
    steps = place.split("/")
    for step in steps:
        if is_key or step not in FAMILIES:
            words.append(step if is_key else str(field_word(step)))
            is_key = False
        else:
            words.append(str(family_word(step, plural=step == steps[-1])))
            is_key = True
    return " › ".join(words)


def _refused_lines(refused: Iterable[RefusedRow], before: Mapping[str, Any]) -> list[RefusedLine]:
    reasons = {
        "unknown": _("there is no text at this place"),
        "twice": _("this place comes twice in the table: the first row counts"),
        "changed": _("the text was changed in the draft after the export"),
        "too long": _("the text is too long"),
        "formula": _("a cell holds a formula"),
        "date": _("a cell holds a date, not text: write it as text"),
        "number": _("a cell holds a number, not text: write it as text"),
        "truth": _("a cell holds TRUE or FALSE, not text: write it as text"),
        "error": _("a cell holds an error, not text"),
    }
    paths = {row.place: row.path for row in text_rows(before)}
    return [
        RefusedLine(
            number=one.row.number,
            where=context(before, paths[one.row.place]) if one.row.place in paths else "",
            place=one.row.place[:300],
            reason=reasons[one.reason],
            texts=[
                (code, one.standing.get(code, ""), "" if text.startswith(NO_TEXT) else text)
                for code, text in one.row.texts.items()
                if plain(text) != plain(one.standing.get(code, ""))
            ],
        )
        for one in refused
    ]
