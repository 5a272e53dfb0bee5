"""Decided cases of a checklist: those that ship with it, and those written here. A draft is tried on them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.core.judging.decided_cases import DecidedCase
from checklists.models import CaseOfChecklist, User
from checklists.packs.editions.cases import case_from, faults_of, shipped_documents, ships_cases

MOST = 300
"""Cases of one checklist: all are judged when its page is asked for."""


class CaseRefused(ValueError):
    """A case cannot be kept; the message says why, in the reader's language."""


def case_documents(checklist: str) -> dict[str, dict[str, Any]]:
    """What a file of cases would say, by key: the shipped ones first, as they stand here. One query."""
    documents = shipped_documents(checklist) if ships_cases(checklist) else {}
    for row in CaseOfChecklist.objects.filter(checklist=checklist):
        if row.is_removed:
            documents.pop(row.key, None)
        else:
            documents[row.key] = {"id": row.key, **row.body}
    return documents


def cases_of(checklist: str) -> tuple[DecidedCase, ...]:
    """Every decided case of ``checklist``. One query."""
    return tuple(case_from(document) for document in case_documents(checklist).values())


@transaction.atomic
def keep_case(checklist: str, key: str, body: Mapping[str, Any], by: User | None, *, is_new: bool = False) -> None:
    """Write the case ``key``: ``body`` is what a file says of it. Raises ``CaseRefused``."""
    documents = case_documents(checklist)
    if is_new and key in documents:
        raise CaseRefused(_("The key “%(key)s” is taken: choose another one.") % {"key": key})
    if key not in documents and len(documents) >= MOST:
        raise CaseRefused(_("A checklist has at most %(most)d decided cases.") % {"most": MOST})
    if faults_of({"id": key, **body}):
        raise CaseRefused(_("A case needs a day, one fact or more, and a verdict."))
    row = CaseOfChecklist.objects.filter(checklist=checklist, key=key).first()
    row = row or CaseOfChecklist(checklist=checklist, key=key)
    row.body, row.is_removed, row.changed_by = dict(body), False, by
    row.save()


@transaction.atomic
def remove_case(checklist: str, key: str, by: User | None) -> None:
    """Take the case out; one that ships with the checklist is hidden. Nothing where there is none."""
    row = CaseOfChecklist.objects.filter(checklist=checklist, key=key).first()
    if ships_cases(checklist) and key in shipped_documents(checklist):
        row = row or CaseOfChecklist(checklist=checklist, key=key, body={})
        row.is_removed, row.changed_by = True, by
        row.save()
    elif row is not None:
        row.delete()
