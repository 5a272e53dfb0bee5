"""The page that surveys a draft as a tree: concerns, their questions, the possible answers; gates, laws, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import combining, normalize

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from checklists.admin.drafts.problem_lines import ProblemLine
from checklists.models import Draft, DraftPart
from checklists.packs.editions.parts import FAMILIES
from checklists.words.editions.conditions import Catalogue, sentence
from checklists.words.editions.parts import choice_word, family_word
from checklists.words.vocabulary import pick


@dataclass
class Branch:
    """One line of the tree, with those under it."""

    pk: int
    key: str
    title: str
    url: str
    notes: list[str]
    condition: str
    errors: int
    warnings: int
    options: list[tuple[str, Any]] = field(default_factory=list)
    questions: list[Branch] = field(default_factory=list)


@dataclass
class Bough:
    """One family of parts."""

    family: str
    title: Any
    one: Any
    add_url: str
    branches: list[Branch]


def grow(draft: Draft, rows: Iterable[DraftPart], facts: Catalogue, problems: Iterable[ProblemLine]) -> list[Bough]:
    """The tree of ``draft``: concerns first, with their questions, then each other family. No query."""
    rows = list(rows)
    options: dict[int, list[tuple[str, Any]]] = {}
    for row in rows:
        if row.owner_id is not None:
            options.setdefault(row.owner_id, []).append((_title(row), row.body.get("level")))
    counts: Counter[tuple[int | None, bool]] = Counter((line.part, line.is_warning) for line in problems)
    pattern = reverse("admin:checklists_draft_part", args=[draft.pk, 0])
    branches: dict[str, list[Branch]] = {family: [] for family in FAMILIES}
    concerns: dict[str, Branch] = {}
    for row in rows:
        if row.owner_id is not None:
            continue
        branch = Branch(
            pk=row.pk,
            key=row.key,
            title=_title(row),
            url=pattern.replace("/0/", f"/{row.pk}/"),
            notes=_notes(row),
            condition=sentence(row.body.get("applies") or row.body.get("when"), facts),
            errors=counts[row.pk, False],
            warnings=counts[row.pk, True],
            options=options.get(row.pk, []),
        )
        if row.family == "concerns":
            concerns[row.key] = branch
        branches[row.family].append(branch)
    _hang_questions(rows, branches, concerns)
    order = ["concerns", *(family for family in FAMILIES if family not in ("concerns", "sources")), "sources"]
    add = reverse("admin:checklists_draft_add_part", args=[draft.pk, "family"])
    return [
        Bough(f, family_word(f, plural=True), family_word(f), add.replace("/family/", f"/{f}/"), branches[f])
        for f in order
        if f != "questions" or branches[f]
    ]


def searched(boughs: Iterable[Bough], asked: str) -> list[Bough]:
    """What of the tree speaks of ``asked``, case and accents aside; a concern stays for its questions."""
    sought = _folded(asked)
    found = []
    for bough in boughs:
        kept = []
        for branch in bough.branches:
            questions = [question for question in branch.questions if _speaks(question, sought)]
            if questions or _speaks(branch, sought):
                kept.append(replace(branch, questions=questions))
        if kept:
            found.append(replace(bough, branches=kept))
    return found


def _speaks(branch: Branch, sought: str) -> bool:
    said = [branch.key, branch.title, branch.condition, *branch.notes, *(label for label, _level in branch.options)]
    return any(sought in _folded(words) for words in said)


def _folded(words: str) -> str:
    plain = normalize("NFKD", words.casefold())
    return "".join(letter for letter in plain if not combining(letter))


def _hang_questions(rows: list[DraftPart], branches: dict[str, list[Branch]], concerns: Mapping[str, Branch]) -> None:
    """Put each question under its concern; those of no concern stay in a list of their own, to be mended."""
    homes = {row.pk: row.body.get("concern", "") for row in rows if row.family == "questions"}
    lost: list[Branch] = []
    for branch in branches["questions"]:
        home = concerns.get(homes[branch.pk])
        (home.questions if home else lost).append(branch)
    branches["questions"] = lost


def _title(row: DraftPart) -> str:
    body = row.body
    text = pick(body.get("title") or body.get("text") or body.get("label") or body.get("term"))
    if not text and "below" in body:
        text = _("score below %(number)s") % {"number": body["below"]}
    return Truncator(text or row.key or "?").chars(140)


def _notes(row: DraftPart) -> list[str]:
    body, notes = row.body, []
    if row.family == "questions":
        notes.append(str(choice_word(body.get("scope", ""))))
    if body.get("weight"):
        notes.append(_("weight %(number)s") % {"number": body["weight"]})
    if ceiling := body.get("ceiling") or body.get("least"):
        notes.append(str(choice_word(ceiling)))
    if row.family in ("sources", "laws"):
        notes += [body[name] for name in ("date", "from", "until") if body.get(name)]
        if body.get("verify"):
            notes.append(_("to be verified"))
    return notes
