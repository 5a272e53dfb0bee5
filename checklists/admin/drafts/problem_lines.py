"""Problems of a draft in the reader's language, each with a link to the place where it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.models import Draft, DraftPart
from checklists.packs.files.problems import Problem, Said
from checklists.words.editions.parts import family_word, field_word


@dataclass(frozen=True)
class ProblemLine:
    where: str
    message: str
    remedy: str
    url: str
    is_warning: bool
    part: int | None


def problem_lines(draft: Draft, problems: Iterable[Problem], rows: Iterable[DraftPart]) -> list[ProblemLine]:
    """One line a problem; a problem of an option leads to its question. No query."""
    tops = {(row.family, row.key): row for row in rows if row.owner_id is None}
    return [_line(draft, problem, tops) for problem in problems]


def translated(sentence: str) -> str:
    """``sentence`` in the active language, when it remembers how it was made."""
    if not isinstance(sentence, Said):
        return sentence
    words = _(sentence.template)
    return words % sentence.values if sentence.values else words


def _line(draft: Draft, problem: Problem, tops: Mapping[tuple[str, str], DraftPart]) -> ProblemLine:
    family, _slash, rest = problem.place.partition("/")
    key = rest.split("/")[0]
    row = tops.get((family, key))
    words = [str(family_word(family, plural=row is None))]
    steps = rest.split("/") if rest else []
    words += [str(field_word(step)) if index else step for index, step in enumerate(steps)]
    if row is not None:
        url = reverse("admin:checklists_draft_part", args=[draft.pk, row.pk])
        if len(steps) > 2 and steps[1] == "options":
            url += f"#option-{steps[2]}"
            words[2] = str(family_word("options"))
        elif len(steps) > 1:
            url += f"#field-{steps[1]}"
    elif family in ("title", "summary", "languages", "changelog"):
        url = reverse("admin:checklists_draft_head", args=[draft.pk])
    else:
        url = reverse("admin:checklists_draft_change", args=[draft.pk]) + f"#{family}"
    return ProblemLine(
        where=" › ".join(words),
        message=translated(problem.message),
        remedy=translated(problem.remedy),
        url=url,
        is_warning=problem.is_warning,
        part=row.pk if row else None,
    )
