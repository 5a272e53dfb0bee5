"""How far a respondent is in an interview, in the session: bounded by the number of questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.judgement import VerdictBand

KEPT = "interviews"
MOST_KEPT = 5
"""Interviews a session remembers the path of; the answers themselves are elsewhere."""


@dataclass
class Progress:
    """``asked`` in order, ``skipped`` to come back to; ``before`` is the range before the last answer."""

    asked: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    before: VerdictBand | None = None
    later: bool = False
    """Whether what a profile presumes is to be confirmed later."""

    def answered(self, key: str, before: VerdictBand) -> None:
        if key not in self.asked:
            self.asked.append(key)
        self.skipped = [each for each in self.skipped if each != key]
        self.before = before

    def skip(self, key: str) -> None:
        """Put ``key`` off, after those put off before; the range has not moved."""
        self.skipped = [each for each in self.skipped if each != key] + [key]
        self.before = None

    def previous(self, key: str | None) -> str | None:
        """The question answered before ``key``, or last."""
        if key in self.asked:
            place = self.asked.index(key)
            return self.asked[place - 1] if place else None
        return self.asked[-1] if self.asked else None


def read_progress(request: HttpRequest, name: str) -> Progress:
    kept: dict[str, Any] = request.session.get(KEPT, {}).get(name, {})
    before = kept.get("before")
    return Progress(
        list(kept.get("asked", ())),
        list(kept.get("skipped", ())),
        VerdictBand(Verdict(before[0]), Verdict(before[1])) if before else None,
        bool(kept.get("later")),
    )


def keep_progress(request: HttpRequest, name: str, progress: Progress) -> None:
    before = progress.before
    kept = dict(request.session.get(KEPT, {}))
    kept.pop(name, None)
    kept[name] = {
        "asked": progress.asked,
        "skipped": progress.skipped,
        "before": [int(before.worst), int(before.best)] if before else None,
        "later": progress.later,
    }
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])


def forget_progress(request: HttpRequest, name: str) -> None:
    kept = dict(request.session.get(KEPT, {}))
    if kept.pop(name, None) is not None:
        request.session[KEPT] = kept
