"""Everything wrong with a draft, and everything worth a second look, while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_origin

from django.core.cache import cache
from pydantic import ValidationError

from checklists.models import Draft, DraftPart
from checklists.packs.editions.advice import advise
from checklists.packs.editions.checks import check
from checklists.packs.editions.parts import part_model
from checklists.packs.editions.schema import Pack
from checklists.packs.files.problems import Problem
from checklists.packs.files.validation import shape_problems
from checklists.services.drafts.compile_draft import Imprint, draft_document, next_imprint

KEPT_FOR = 3600
"""Seconds the outcome is kept for a revision of a draft: it cannot change before the revision does."""


def check_draft(draft: Draft, rows: Iterable[DraftPart] | None = None) -> list[Problem]:
    """Errors first, then warnings; those of the changelog are left to publication. At most two queries, none when
    this revision was checked before."""
    key = f"draft-problems:{draft.pk}:{draft.revision}:{draft.updated_at.timestamp()}"
    problems: list[Problem] | None = cache.get(key)
    if problems is None:
        found = check_document(draft_document(draft, next_imprint(draft), rows))
        problems = [problem for problem in found if not problem.place.startswith("changelog")]
        cache.set(key, problems, KEPT_FOR)
    return problems


def check_for_publication(draft: Draft, imprint: Imprint) -> list[Problem]:
    """The same, under ``imprint``, changelog included."""
    return check_document(draft_document(draft, imprint))


def check_document(document: Mapping[str, Any]) -> list[Problem]:
    """What the schema refuses, then what does not make sense, of a document that may be unfinished."""
    try:
        pack, shape = Pack.model_validate(document), list[Problem]()
    except ValidationError as error:
        pack, shape = _unfinished(Pack, document), shape_problems(document, error)
    # A missing text is told once: by the schema, not again in each language.
    told = {problem.place for problem in shape}
    rest = [problem for problem in [*check(pack), *advise(pack)] if problem.place not in told]
    return sorted([*shape, *rest], key=lambda problem: problem.is_warning)


def _unfinished(model: type[Any], values: Mapping[str, Any]) -> Any:
    """An instance of ``model`` with what ``values`` hold, empty where a field is missing, so that it can be read."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        value = values.get(field.alias or name)
        inner = part_model(field)
        if inner is not None:
            fields[name] = [_unfinished(inner, item) for item in value or ()]
        elif value is not None:
            fields[name] = value
        else:
            fields[name] = _empty(field.annotation) if field.is_required() else field.get_default()
    return model.model_construct(**fields)


def _empty(annotation: Any) -> Any:
    kind = get_origin(annotation) or annotation
    return kind() if kind in (list, dict, int, bool) else ""
