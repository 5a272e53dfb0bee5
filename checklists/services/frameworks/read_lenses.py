"""Hand an offer's answers to the frameworks chosen for its assessment."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from checklists.core.editions.edition import Edition
from checklists.core.frameworks.framework import with_supplements
from checklists.core.frameworks.lens import LensResult, look
from checklists.core.judging.facts import Established, establish
from checklists.models import Answer, Assessment, FrameworkChoice
from checklists.services.editions.publish_edition import load_edition
from checklists.services.frameworks.publish_framework import load_framework
from checklists.services.judging.judge_offer import core_answers, known


def questionnaire_of(assessment: Assessment, choices: Iterable[FrameworkChoice]) -> Edition:
    """What is asked for ``assessment``: its edition and the supplementary questions of the chosen frameworks.

    The judge reads the edition alone: supplementary answers never enter its score or its gates.
    """
    return _questionnaire(assessment.edition.sha256, tuple(choice.framework.sha256 for choice in choices))


@lru_cache(maxsize=64)
def _questionnaire(edition: str, frameworks: tuple[str, ...]) -> Edition:
    return with_supplements(load_edition(edition), [load_framework(sha256) for sha256 in frameworks])


def establish_rows(asked: Edition, assessment: Assessment, rows: Iterable[Answer]) -> Established:
    """The facts of the checklist and of the supplementary questions in ``asked``; ``rows`` come with their evidence."""
    return establish(asked, core_answers(known(assessment, rows)), assessment.reference_date)


def read_lenses(established: Established, choices: Iterable[FrameworkChoice]) -> list[LensResult]:
    """Each chosen framework's reading of the facts, in the order of the choices."""
    return [look(load_framework(choice.framework.sha256), established, choice.minimums) for choice in choices]
