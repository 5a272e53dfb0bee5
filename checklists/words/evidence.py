"""What answers rest on, in the words of the active language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.editions.edition import Edition
from checklists.core.evidence import Backing, Proof, Strength
from checklists.services.day_format import date_format
from checklists.words.contents import EvidencePiece
from checklists.words.vocabulary import STRENGTHS, pick

KINDS: dict[str, str | Promise] = {
    "contract": gettext_lazy("Contract clause"),
    "certificate": gettext_lazy("Certificate"),
    "audit_report": gettext_lazy("Audit report"),
    "other": gettext_lazy("Other"),
}


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence. ``state`` is 'valid', 'ending', 'ended' or 'not_yet' on the reference date, ``validity``
    says it in words; ``sha256`` is '' when no file was kept.
    """

    question: str
    text: str
    kind: str | Promise
    strength: str | Promise
    title: str
    issuer: str
    issued: str
    state: str
    validity: str
    link: str
    note: str
    file: str
    sha256: str


def evidence_line(edition: Edition, piece: EvidencePiece, day: date) -> EvidenceLine:
    """``piece`` as it stands on ``day``; ``edition`` holds the question it belongs to."""
    return EvidenceLine(
        question=piece.question,
        text=pick(edition.questions[piece.question].text),
        kind=KINDS[piece.kind],
        strength=STRENGTHS[piece.strength],
        title=piece.title,
        issuer=piece.issuer,
        issued=_day(piece.issued_on),
        state=state_of(piece.proof, day),
        validity=validity(piece.proof, day),
        link=piece.link,
        note=piece.note,
        file=piece.file,
        sha256=piece.sha256,
    )


def register(edition: Edition, pieces: Iterable[EvidencePiece], day: date) -> list[EvidenceLine]:
    """Every piece in the checklist's order of questions; one of a question that ``edition`` lacks is left out."""
    order = {key: number for number, key in enumerate(edition.questions)}
    known = [piece for piece in pieces if piece.question in order]
    return [evidence_line(edition, piece, day) for piece in sorted(known, key=lambda piece: order[piece.question])]


def state_of(proof: Proof, day: date) -> str:
    if proof.has_ended(day):
        return "ended"
    if not proof.is_valid(day):
        return "not_yet"
    return "ending" if proof.is_ending(day) else "valid"


def validity(proof: Proof, day: date) -> str:
    """From when to when it is valid, seen on ``day``; '' when it has no bound."""
    first, last = _day(proof.valid_from), _day(proof.valid_until)
    if proof.has_ended(day):
        return _("expired on %(date)s") % {"date": last}
    if not proof.is_valid(day):
        return _("valid from %(date)s only") % {"date": first}
    if first and last:
        return _("valid from %(first)s to %(last)s") % {"first": first, "last": last}
    if last:
        return _("valid until %(date)s") % {"date": last}
    return _("valid since %(date)s") % {"date": first} if first else ""


def backing_words(rests_on: Backing) -> str:
    """What an answer rests on, in a sentence; '' when it is the respondent's own statement and counts as such."""
    if rests_on.ended:
        return _("Its evidence expired on %(date)s: it counts as a claim.") % {"date": _day(rests_on.ended)}
    if rests_on.claimed and rests_on.strength is Strength.CLAIM:
        return _("Only the provider says so: nothing proves it.")
    if rests_on.claimed:
        return _("Nothing shows it on the reference date: it counts as a claim.")
    if rests_on.strength is Strength.DOCUMENT:
        return _("Rests on a document.")
    if rests_on.strength is Strength.DEMONSTRATED:
        return _("Demonstrated.")
    return ""


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
