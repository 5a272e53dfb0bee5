"""What changed between two reports, and why a file is none, in the words of the active language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.judgement import Judgement
from checklists.packs.reports.record import GivenAnswer, OffersCompared, Plan, Record
from checklists.services.day_format import date_format
from checklists.words.contents import ReviewContents
from checklists.words.evidence import backing_words
from checklists.words.judging.presentation import answer_text
from checklists.words.review import present_review
from checklists.words.vocabulary import VERDICTS, listed, pick

RECORD_REFUSED: Mapping[str, str | Promise] = {
    "size": gettext_lazy("The file is larger than 10 MB."),
    "pdf": gettext_lazy("The file is damaged, or is not a PDF."),
    "attachment": gettext_lazy("This PDF is not a report of Porte-clés: no assessment is attached to it."),
    "hash": gettext_lazy("The file was changed after it was made: its contents do not have the fingerprint it states."),
    "edition": gettext_lazy("The file mixes two editions of the checklist."),
    "shape": gettext_lazy(
        "The file is not an assessment as reports and drafts carry it. The published schema tells its form."
    ),
}
"""Why a file is no assessment, by the reason of its ``RecordError``."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    ``kind`` is 'subject', 'edition', 'verdict', 'requirement', 'review', 'plan', 'comparison' or 'answer'.
    """

    kind: str
    what: str
    before: str
    after: str


def changes(older: Record, old_edition: Edition, newer: Record, new_edition: Edition) -> list[Change]:
    """What differs from ``older`` to ``newer``: the gravest first, then the answers in the checklist's order."""
    found = [
        *_subject(older, newer),
        Change("subject", _("Reference date"), _day(older.reference_date), _day(newer.reference_date)),
        Change("edition", _("Edition of the checklist"), _edition(older, old_edition), _edition(newer, new_edition)),
        Change("verdict", _("Verdict"), _band(older, "verdict"), _band(newer, "verdict")),
        Change("requirement", _("Minimum required"), _band(older, "required"), _band(newer, "required")),
        Change("review", _("Review and approval"), _review(older, old_edition), _review(newer, new_edition)),
        _plan_change(older.transition_plan, newer.transition_plan),
        _comparison_change(older, newer),
        *_answers(older, old_edition, newer, new_edition),
    ]
    return [change for change in found if change.before != change.after]


def _subject(older: Record, newer: Record) -> list[Change]:
    before, after = older.subject, newer.subject
    return [
        Change("subject", _("Name of the assessment"), before.assessment, after.assessment),
        Change("subject", _("Description"), before.description, after.description),
        Change("subject", _("Organisation"), before.organisation.name, after.organisation.name),
        Change("subject", _("Offer"), before.offer, after.offer),
        Change("subject", _("Provider"), before.provider, after.provider),
        Change("subject", _("Current host"), _yes(before.is_current), _yes(after.is_current)),
    ]


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")


def _day(day: str) -> str:
    return date_format(date.fromisoformat(day), "DATE_FORMAT")


def _edition(record: Record, edition: Edition) -> str:
    return f"{pick(edition.title)}, {record.edition.number}"


def _band(record: Record, which: str) -> str:
    band = getattr(record.judgement, which)
    worst, best = (str(VERDICTS[Verdict.from_key(key)]) for key in (band.worst, band.best))
    if worst == best:
        return best
    return _("“%(best)s” at best, “%(worst)s” at worst") % {"best": best, "worst": worst}


def _review(record: Record, edition: Edition) -> str:
    """Where the review stood; of records from before reviews, that they say nothing of one."""
    if record.review is None:
        return _("Not told")
    return present_review(ReviewContents(record.review, record.covered_sha256), edition).headline


def _plan_change(before: Plan | None, after: Plan | None) -> Change:
    told_before, told_after = _plan(before), _plan(after)
    if before != after and told_before == told_after:
        told_after = _("%(plan)s, with other details") % {"plan": told_after}
    return Change("plan", _("Transition plan"), told_before, told_after)


def _plan(plan: Plan | None) -> str:
    if plan is None:
        return _("None")
    steps = ngettext("%d step", "%d steps", len(plan.steps)) % len(plan.steps)
    if plan.asked_end is None:
        return steps
    return _("%(steps)s, to have left by %(day)s") % {"steps": steps, "day": _day(plan.asked_end)}


def _comparison_change(older: Record, newer: Record) -> Change:
    before, after = _compared(older.comparison), _compared(newer.comparison)
    if older.comparison != newer.comparison and before == after:
        after = _("%(offers)s, with other details") % {"offers": after}
    return Change("comparison", _("Offers compared"), before, after)


def _compared(comparison: OffersCompared | None) -> str:
    if comparison is None:
        return _("None")
    return listed(
        f"{other.offer} ({VERDICTS[Verdict.from_key(other.judgement.verdict.worst)]})"
        for other in comparison.alternatives
    )


def _answers(older: Record, old_edition: Edition, newer: Record, new_edition: Edition) -> list[Change]:
    before = {given.question: given for given in older.answers}
    after = {given.question: given for given in newer.answers}
    old_judgement, new_judgement = older.judge(old_edition), newer.judge(new_edition)
    keys = [*new_edition.questions, *(key for key in old_edition.questions if key not in new_edition.questions)]
    found = []
    for key in keys:
        question = new_edition.questions.get(key) or old_edition.questions[key]
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        said_before = _said(old_edition, old_judgement, key, was)
        said_after = _said(new_edition, new_judgement, key, now)
        if said_before == said_after:
            said_before, said_after = _remarks(was), _remarks(now)
        found.append(Change("answer", pick(question.text), said_before, said_after))
    return found


def _said(edition: Edition, judgement: Judgement, key: str, given: GivenAnswer | None) -> str:
    if key not in edition.questions:
        return _("Not in that edition")
    if given is None:
        return _("No answer yet")
    text = answer_text(edition.questions[key], judgement.states[key], given.value)
    return _("%(answer)s (to be confirmed)") % {"answer": text} if given.from_profile else text


def _remarks(given: GivenAnswer | None) -> str:
    if given is None:
        return ""
    return " – ".join(text for text in (given.justification, given.comment, backing_words(given.rests_on)) if text)
