"""Begin a checklist of one's own: from a copy of an edition, from a short template, or from nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.models import Draft, Edition, User
from checklists.packs.drafts.languages import in_languages
from checklists.packs.editions.schema import SCHEMA
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import shipped_template
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.import_pack import carry_out, propose, standing_draft
from checklists.services.drafts.open_draft import DraftRefused, begin_draft, open_draft


@dataclass(frozen=True)
class Naming:
    """What a new checklist is called: its key, which is for ever, its title and its languages."""

    key: str
    title: Mapping[str, str]
    languages: Sequence[str]


@transaction.atomic
def begin_from_edition(edition: Edition, naming: Naming, by: User | None) -> Draft:
    """A draft that says what ``edition`` says, under another key; ``edition`` stays its origin.

    Raises ``DraftRefused`` when the key is taken.
    """
    _refuse_taken(naming.key)
    draft = open_draft(naming.key, edition, by)
    after = in_languages(draft_document(draft, next_imprint(draft)), naming.languages)
    carry_out(propose(standing_draft(draft), after | {"title": dict(naming.title), "key": naming.key}), by)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def begin_from_template(naming: Naming, by: User | None) -> Draft:
    """A draft with five concerns, thresholds and a least verdict. Raises ``DraftRefused`` when the key is taken."""
    return _begin(read_yaml(shipped_template("short"))[0], naming, by)


@transaction.atomic
def begin_from_nothing(naming: Naming, by: User | None) -> Draft:
    """A draft without any part. Raises ``DraftRefused`` when the key is taken."""
    return _begin({"schema": SCHEMA, "summary": {}, "changelog": {}}, naming, by)


def _begin(document: Mapping[str, Any], naming: Naming, by: User | None) -> Draft:
    _refuse_taken(naming.key)
    named = {"key": naming.key, "title": dict(naming.title), "languages": list(naming.languages)}
    imprint = {"number": 1, "published": timezone.localdate().isoformat(), "changelog": {}}
    return begin_draft(in_languages({**document, **named, **imprint}, naming.languages), by)


def _refuse_taken(key: str) -> None:
    open_states = (Draft.State.OPEN, Draft.State.SUBMITTED)
    is_drafted = Draft.objects.filter(checklist=key, state__in=open_states).exists()
    if is_drafted or Edition.objects.filter(checklist=key).exists():
        raise DraftRefused(_("The key “%(key)s” is taken: choose another one.") % {"key": key})


def change_languages(draft: Draft, languages: Sequence[str], by: User | None) -> bool:
    """Write ``draft`` in ``languages``: texts in others are taken out, each kept in the history. Whether it differs.

    Raises ``DraftRefused`` when the draft is not being written.
    """
    if list(draft.head.get("languages", ())) == list(languages):
        return False
    standing = standing_draft(draft)
    after = in_languages(standing.document or {}, languages)
    carry_out(propose(standing, after), by)
    draft.refresh_from_db()
    return True


def origin_of(checklist: str) -> Edition | None:
    """The edition of another checklist that ``checklist`` was copied from, without its document; one query."""
    copied = Draft.objects.filter(checklist=checklist).exclude(base=None).exclude(base__checklist=checklist)
    first = copied.exclude(state=Draft.State.DROPPED).select_related("base").defer("base__document").order_by("pk")
    draft = first.first()
    return draft.base if draft else None
