"""What the judge found, kept so that a list need not judge. ``portfolio_marks`` says when it is out of date."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.vocabulary import Verdict
from checklists.models.assessments import Assessment, Offer
from checklists.models.editions import Edition
from checklists.models.people.organisations import Organisation
from checklists.models.transition import PlanStep

VERDICTS = [(verdict.value, verdict.key) for verdict in Verdict]
"""Places on the scale, to sort by: only for what is judged again whenever the judge changes."""
VERDICT_KEYS = [(verdict.key, verdict.key) for verdict in Verdict]


class Standing(models.Model):
    """What the judge found of one offer. ``verdict`` is what is established; empty while nothing is.

    ``low``, ``high`` and ``confidence`` are whole numbers 0-100, rounded down as the result page has them.
    """

    offer = models.OneToOneField(Offer, models.CASCADE, primary_key=True, related_name="standing")
    verdict = models.SmallIntegerField(_("verdict"), choices=VERDICTS, null=True)
    worst = models.SmallIntegerField(_("at worst"), choices=VERDICTS)
    best = models.SmallIntegerField(_("at best"), choices=VERDICTS)
    low = models.PositiveSmallIntegerField(_("score, worst case"))
    high = models.PositiveSmallIntegerField(_("score, best case"))
    confidence = models.PositiveSmallIntegerField(_("confidence"))

    class Meta:
        verbose_name = _("standing of an offer")
        verbose_name_plural = _("standings of offers")

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.worst}-{self.best}"


class PortfolioLineQuerySet(models.QuerySet["PortfolioLine"]):
    # "IN (FALSE)" and not "NOT column", which SQLite finds in no index.

    def in_use(self) -> Self:
        return self.filter(is_binned__in=[False])

    def fresh(self) -> Self:
        return self.filter(is_stale__in=[False])

    def stale(self) -> Self:
        """Those that wait to be judged again."""
        return self.filter(is_stale__in=[True])


class PortfolioLine(models.Model):
    """One assessment in a portfolio. Made with it; ``version`` grows with each change that may move what follows.

    The figures are those of the offer that counts: the current host (the lowest, if several), else the best offer;
    of the workload alone without any. ``distance`` is in verdicts: 0 or less is reached,
    empty while nobody can say. ``name_key`` and
    ``search_text`` are without accents or capitals. The first columns copy the assessment's and are always up to date.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, primary_key=True, related_name="line")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    is_example = models.BooleanField(_("worked example"))
    is_binned = models.BooleanField(_("in the bin"))
    reference_date = models.DateField(_("reference date"))
    changed_at = models.DateTimeField(_("last changed"))
    version = models.PositiveBigIntegerField(_("version"), default=1)
    is_stale = models.BooleanField(_("changed since it was judged"), default=True)
    judged_at = models.DateTimeField(_("judged"), null=True)
    judged_by = models.CharField(_("fingerprint of the judge"), max_length=64, blank=True)
    host = models.ForeignKey(Offer, models.SET_NULL, null=True, related_name="+")
    best = models.ForeignKey(Offer, models.SET_NULL, null=True, related_name="+")
    host_verdict = models.SmallIntegerField(_("verdict of the current host"), choices=VERDICTS, null=True)
    best_verdict = models.SmallIntegerField(_("verdict of the best offer"), choices=VERDICTS, null=True)
    verdict = models.SmallIntegerField(_("verdict"), choices=VERDICTS, null=True)
    required = models.SmallIntegerField(_("minimum required"), choices=VERDICTS, null=True)
    distance = models.SmallIntegerField(_("verdicts missing"), null=True)
    confidence = models.PositiveSmallIntegerField(_("confidence"), null=True)
    asked = models.PositiveSmallIntegerField(_("questions asked"), default=0)
    answered = models.PositiveSmallIntegerField(_("questions answered"), default=0)
    progress = models.PositiveSmallIntegerField(_("share answered"), null=True)
    law_changes_on = models.DateField(_("day the law changes the outcome"), null=True)
    reassess_on = models.DateField(_("to be assessed again by"), null=True)
    next_step = models.ForeignKey(PlanStep, models.SET_NULL, null=True, related_name="+")
    next_step_on = models.DateField(_("end of the next step"), null=True)
    deadline = models.DateField(_("next deadline"), null=True)
    name_key = models.CharField(_("name for sorting"), max_length=400, blank=True)
    search_text = models.TextField(_("text searched"), blank=True)

    objects = PortfolioLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a portfolio")
        verbose_name_plural = _("lines of portfolios")
        indexes = [
            models.Index(fields=["organisation", "is_binned", "-changed_at"], name="portfolio_changes"),
            models.Index(fields=["organisation", "is_binned", "is_stale", "verdict"], name="portfolio_verdicts"),
            models.Index(fields=["organisation", "is_binned", "is_stale", "deadline"], name="portfolio_deadlines"),
            models.Index(fields=["organisation", "is_binned", "reassess_on"], name="portfolio_reassessments"),
        ]

    def __str__(self) -> str:
        return str(self.assessment_id)


class VerdictChange(models.Model):
    """From ``at`` on, an assessment stood so: what the history of a portfolio is made of. Only ever added.

    ``verdict`` is a key and not a place on the scale: history outlives the scale it was written under.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="verdict_changes")
    at = models.DateTimeField(_("since"))
    verdict = models.CharField(_("verdict"), max_length=20, choices=VERDICT_KEYS, null=True)
    is_reached = models.BooleanField(_("minimum required is reached"), null=True)

    class Meta:
        verbose_name = _("change of a verdict")
        verbose_name_plural = _("changes of verdicts")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["assessment", "at"], name="verdict_history")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.at:%Y-%m-%d}: {self.verdict}"
