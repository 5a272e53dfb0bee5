"""What a reviewer and a contributor have before them: each matter with its contents, what changed, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.editions.edition import Edition
from checklists.core.kinds import kind_of
from checklists.core.review import Matter
from checklists.models import (
    Answer,
    AnswerChange,
    Assessment,
    FrameworkChoice,
    Need,
    Offer,
    ReviewAct,
    ReviewDecision,
    TransitionPlan,
)
from checklists.models.capacity import Capacity
from checklists.models.evidence import with_evidence
from checklists.services.day_format import date_format
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.publish_framework import load_framework
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of
from checklists.services.judging.judge_offer import bearing_on, edition_of, judge_rows, known
from checklists.services.review.fingerprint_content import fingerprint_content
from checklists.services.review.read_review import CurrentReview
from checklists.services.team.threads import Talk, discussions_of
from checklists.web.answers.chapters import Chapter, chapters
from checklists.web.evidence.lines import Piece, pieces_of
from checklists.words.capacity import CERTIFICATION_WORDS, SERVICE_WORDS
from checklists.words.gather import given_answers
from checklists.words.judging.presentation import AnswerLine, FindingLine, lines_of, present, value_text
from checklists.words.vocabulary import pick

OUTCOMES = {
    "undecided": gettext_lazy("Not decided yet"),
    "accepted": gettext_lazy("Accepted"),
    "returned": gettext_lazy("Returned"),
}


@dataclass(frozen=True)
class Line:
    """One answer to review; ``before`` is what it said at the submission last looked at, '' when it is the same."""

    answer: AnswerLine
    is_changed: bool
    before: str
    evidence: list[Piece]
    discussion_url: str
    talk: Talk | None


@dataclass
class Part:
    """One matter on the page. ``name`` goes into the names of its fields, ``number`` into their ids."""

    matter: Matter
    number: int
    title: str
    summary: str
    url: str
    page_url: str
    offer_name: str
    facts: list[tuple[str, str]]
    lines: list[Line]
    findings: list[FindingLine]
    left: int
    doubts: int
    decision: ReviewDecision | None
    earlier: ReviewDecision | None
    is_changed: bool
    choice: str = ""
    remark: str = ""
    mend: frozenset[str] = frozenset()
    error: str = ""

    @property
    def name(self) -> str:
        return str(self.matter)

    @property
    def seen(self) -> str:
        """What stood when the page was made, so that a decision taken meanwhile is not undone unseen."""
        return self.decision.at.isoformat() if self.decision else ""

    @property
    def outcome(self) -> str:
        if self.decision is None:
            return "undecided"
        return "accepted" if self.decision.is_accepted else "returned"

    @property
    def outcome_words(self) -> str:
        return str(OUTCOMES[self.outcome])


@dataclass
class Group:
    """The parts of one offer, or those of the workload when ``offer`` is ``None``."""

    offer: Offer | None
    parts: list[Part] = field(default_factory=list)


@dataclass
class ReviewDesk:
    """The page of a review. ``since``: the submission to compare with, if any."""

    assessment: Assessment
    standing: CurrentReview
    since: ReviewAct | None

    @cached_property
    def rows(self) -> list[Answer]:
        return known(
            self.assessment, Answer.objects.filter(assessment=self.assessment).prefetch_related(with_evidence())
        )

    @cached_property
    def choices(self) -> list[FrameworkChoice]:
        return choices_of(self.assessment)

    @cached_property
    def asked(self) -> Edition:
        return questionnaire_of(self.assessment, self.choices)

    @cached_property
    def groups(self) -> list[Group]:
        """The workload, then each offer, in the order they were added."""
        offers = list(self.assessment.offers.select_related("provision"))
        plans = {
            plan.offer_id: plan
            for plan in TransitionPlan.objects.filter(offer__assessment=self.assessment)
            .select_related("target")
            .prefetch_related("steps")
        }
        found = [Group(None, [self._workload()])]
        for offer in offers:
            found.append(Group(offer, list(self._offer(offer, plans.get(offer.pk)))))
        for number, part in enumerate((part for group in found for part in group.parts), start=1):
            part.number = number
        return found

    @property
    def parts(self) -> list[Part]:
        return [part for group in self.groups for part in group.parts]

    def _workload(self) -> Part:
        own = {row.question: row for row in self.rows if row.offer_id is None}
        states = establish_rows(self.asked, self.assessment, own.values()).states
        chapter = chapters(self.asked, states, self.assessment, None)[0]
        need = Need.objects.filter(assessment=self.assessment).first()
        titles = [pick(load_framework(choice.framework.sha256).title) for choice in self.choices]
        facts = [
            (_("Name of the assessment"), self.assessment.name),
            (_("Description"), self.assessment.description),
            (_("Reference date"), date_format(self.assessment.reference_date, "DATE_FORMAT")),
            (_("Other external frameworks"), ", ".join(titles)),
            *_capacity(need),
        ]
        return self._part(Matter(), chapter, facts, self._lines(chapter, own, states, None), [])

    def _offer(self, offer: Offer, plan: TransitionPlan | None) -> Iterable[Part]:
        own = {row.question: row for row in bearing_on(offer, self.rows)}
        states = establish_rows(self.asked, self.assessment, own.values()).states
        pages = chapters(self.asked, states, self.assessment, offer)[1:]
        judgement = judge_rows(self.assessment, own.values())
        verdict = present(edition_of(self.assessment), judgement) if judgement.is_established else None
        findings = [*verdict.gates, *verdict.open_gates, *verdict.shortfalls] if verdict else []
        key = str(offer.pk)
        facts = [
            (_("Provider"), offer.provider),
            (_("Current host"), _("Yes") if offer.is_current else _("No")),
            *_capacity(getattr(offer, "provision", None)),
            *_plan(plan),
        ]
        itself = Chapter(
            key="",
            title=_("The offer itself"),
            summary=_("Its provider, what it provides, and the plan to leave it."),
            url=reverse("change-offer", args=[offer.pk]),
            progress_url="",
            questions=(),
            asked=0,
            answered=0,
            doubts=0,
            first_open="",
        )
        shown = {page.key for page in pages}
        across = [finding for finding in findings if finding.concern not in shown]
        yield self._part(Matter(key), itself, facts, [], across, offer.name)
        for page in pages:
            if page.questions:
                lines = self._lines(page, own, states, offer)
                found = [finding for finding in findings if finding.concern == page.key]
                yield self._part(Matter(key, page.key), page, [], lines, found, offer.name)

    def _part(
        self,
        matter: Matter,
        page: Chapter,
        facts: list[tuple[str, str]],
        lines: list[Line],
        findings: list[FindingLine],
        offer_name: str = "",
    ) -> Part:
        standing = self.standing
        decision = (standing.decided if self.assessment.is_closed else standing.latest).get(matter)
        changed = self.since is not None and self.since.matters.get(str(matter)) != self.fingerprints.get(matter)
        return Part(
            matter=matter,
            number=0,
            title=page.title,
            summary=page.summary,
            url=f"{page.url}#q-{page.first_open}" if page.first_open else page.url,
            page_url=page.url,
            offer_name=offer_name,
            facts=[(name, value) for name, value in facts if value],
            lines=lines,
            findings=findings,
            left=page.left,
            doubts=page.doubts,
            decision=decision,
            earlier=None if decision else standing.latest.get(matter),
            is_changed=changed,
            choice="" if decision is None else "accept" if decision.is_accepted else "return",
            remark=decision.remark if decision else "",
            mend=frozenset(decision.questions) if decision else frozenset(),
        )

    @cached_property
    def fingerprints(self) -> Mapping[Matter, str]:
        """What was submitted, as it stands; while the content is open, what stands now."""
        return (
            self.standing.review.matters if self.assessment.is_closed else fingerprint_content(self.assessment).matters
        )

    def _lines(self, page: Chapter, own: Mapping[str, Answer], states: Any, offer: Offer | None) -> list[Line]:
        day, keys = self.assessment.reference_date, {question.key for question in page.questions}
        given = given_answers(own)
        asked = lines_of(self.asked, states, day, given, asked=True)
        found = []
        for line in (line for lines in asked.values() for line in lines if line.key in keys):
            change = self.changes.get((offer.pk if offer else None, line.key))
            before = self._before(change, line.key) if change else ""
            row = own.get(line.key)
            evidence = pieces_of([row], self.asked, self.assessment) if row else []
            found.append(Line(line, change is not None, before, evidence, *self._discussion(line.key, offer)))
        return found

    def _discussion(self, key: str, offer: Offer | None) -> tuple[str, Talk | None]:
        if offer:
            return reverse("offer-discussion", args=[offer.pk, key]), self.talks.get((offer.pk, key))
        return reverse("workload-discussion", args=[self.assessment.pk, key]), self.talks.get((None, key))

    @cached_property
    def talks(self) -> dict[tuple[Any, str], Talk]:
        """What was said about each question, by offer and question."""
        rows = discussions_of(self.assessment)
        return {(row.offer_id, row.question): Talk(row.said, row.resolved_at is not None) for row in rows}

    @cached_property
    def changes(self) -> dict[tuple[Any, str], AnswerChange]:
        """The first change of each answer since the submission last looked at: it holds what was said before."""
        if self.since is None:
            return {}
        later = AnswerChange.objects.filter(answer__assessment=self.assessment, at__gt=self.since.at)
        found: dict[tuple[Any, str], AnswerChange] = {}
        for change in later.select_related("answer").order_by("answer", "revision"):
            found.setdefault((change.answer.offer_id, change.answer.question), change)
        return found

    def _before(self, change: AnswerChange, key: str) -> str:
        before = change.before or {}
        status, value = before.get("status", "unanswered"), before.get("value", "")
        question = self.asked.questions[key]
        if status != "answered":
            words = str(dict(Answer.Status.choices).get(status, status))
        elif kind_of(question.kind).is_table:
            words = _("another table")
        else:
            words = value_text(question, value)
        return " – ".join(text for text in (words, before.get("justification", ""), before.get("comment", "")) if text)


def _capacity(row: Capacity | None) -> list[tuple[str, str]]:
    """What is stated of capacity and quality of service."""
    if row is None:
        return []
    found = []
    for field_ in Capacity._meta.get_fields():
        value = getattr(row, field_.name)
        if field_.name == "updated_at" or value in (None, ""):
            continue
        if field_.name in ("services", "certifications"):
            words = SERVICE_WORDS if field_.name == "services" else CERTIFICATION_WORDS
            value = ", ".join(str(words.get(key, key)) for key in value)
        elif field_.name == "support":
            value = row.get_support_display()
        found.append((capfirst(str(field_.verbose_name)), str(value)))  # type: ignore[union-attr]
    return found


def _plan(plan: TransitionPlan | None) -> list[tuple[str, str]]:
    """The frame of the plan and its steps, a line each."""
    if plan is None:
        return []
    lines = [
        f"{step.number}. {step.title} ({step.low}–{step.likely}–{step.high})"
        + (" " + _("after %(steps)s") % {"steps": step.after} if step.after else "")
        for step in plan.steps.all()
    ]
    fields = ("legal_basis", "justification", *TransitionPlan.GUARANTEES)
    return [
        (_("Transition plan"), "\n".join(lines)),
        (_("Leaving for"), plan.target.name if plan.target else ""),
        (_("First day of the transition"), _day(plan.starts_on)),
        (_("To have left by"), _day(plan.asked_end)),
        *((capfirst(str(plan._meta.get_field(name).verbose_name)), getattr(plan, name)) for name in fields),  # type: ignore[union-attr]
    ]


def _day(day: Any) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
