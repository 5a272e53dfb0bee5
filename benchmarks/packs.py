"""Checklists as files, against reading the same YAML plainly: ratios, side by side in one run."""

from __future__ import annotations

from collections.abc import Callable

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from checklists.core.edition import canonical_bytes
from checklists.models import Draft, User
from checklists.packs.incoming import read_incoming
from checklists.packs.reader import read_pack
from checklists.services.export_pack import export_draft
from checklists.services.import_pack import carry_out, propose, standing_draft
from checklists.services.open_draft import open_draft
from checklists.services.publish_draft import drop_draft
from checklists.services.publish_edition import current_edition


def exchanging_a_checklist(user: User, seconds: Callable[[Callable[[], object], int], float]) -> None:
    """On the flagship: out of a draft, in again with one sentence changed, and shown before it goes in."""
    draft = open_draft("cnil-hosting", current_edition(), user)
    raw = export_draft(draft)
    plain = seconds(lambda: yaml.safe_load(raw), 7)
    dumped = seconds(lambda: yaml.safe_dump(yaml.safe_load(raw), allow_unicode=True), 3) - plain
    read = seconds(lambda: read_pack(raw), 7)
    written = seconds(lambda: export_draft(draft), 7)
    print(f"reading the flagship, checked: {read / plain:.2f} x yaml.safe_load of the same file (at most 2)")
    print(f"exporting a draft of it: {written / dumped:.2f} x yaml.safe_dump of the same document (at most 2)")
    other = raw.replace(b"Who holds the keys that", b"Who has the keys that")
    turn = 0

    def bring_in() -> None:
        nonlocal turn
        turn += 1
        document = read_incoming(raw if turn % 2 else other).document
        carry_out(propose(standing_draft(Draft.objects.get(pk=draft.pk)), document), user)

    print(f"importing it, written to the database: {seconds(bring_in, 7) / plain:.2f} x yaml.safe_load (at most 3)")
    editor = User.objects.create_superuser("files@example.org", "a long pass phrase")
    browser = Client()
    browser.force_login(editor)
    address = reverse("admin:checklists_draft_files", args=[draft.pk])

    def look() -> None:
        assert browser.post(address, {"file": SimpleUploadedFile("file.yaml", other)}).status_code == 200

    shown = seconds(look, 5)
    print(f"showing what it would change: {shown / plain:.2f} x yaml.safe_load, {shown:.2f} s (at most 2 s)")
    assert canonical_bytes(yaml.safe_load(raw)) != b"{}"
    drop_draft(draft)
