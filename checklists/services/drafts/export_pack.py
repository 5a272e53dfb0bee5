"""A checklist as a file: the YAML of an edition, or of a draft as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from checklists.core.editions.edition import fingerprint
from checklists.models import Draft, Edition
from checklists.packs.editions.settled import settle
from checklists.packs.editions.writer import heading, write_document
from checklists.services.drafts.compile_draft import draft_document, next_imprint


def export_edition(edition: Edition) -> bytes:
    """The pack that publishing again would give the same edition, fingerprint included."""
    return _file(edition.document, "edition")


def export_draft(draft: Draft) -> bytes:
    """The pack that ``draft`` would be published as today, finished or not. Two queries."""
    return _file(settle(draft_document(draft, next_imprint(draft))), "draft of edition")


def _file(document: Mapping[str, Any], state: str) -> bytes:
    schema = settings.SITE_URL.rstrip("/") + reverse("pack-schema", args=["checklist-1"])
    return write_document(document, heading(document, fingerprint(document), schema, state))
