"""Checklists as files, against reading the same YAML plainly: ratios, side by side in one run."""

from __future__ import annotations

from collections.abc import Callable

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from checklists.models import Draft, User
from checklists.packs.drafts.incoming import read_incoming
from checklists.packs.editions.reader import read_pack
from checklists.services.drafts.export_pack import export_draft, export_edition
from checklists.services.drafts.import_pack import carry_out, propose, standing_draft
from checklists.services.drafts.open_draft import open_draft
from checklists.services.drafts.publish_draft import drop_draft
from checklists.services.editions.publish_edition import current_edition

Act = Callable[[], object]


def exchanging_a_checklist(user: User, times: Callable[[Act, Act, int], float]) -> None:
    """On the flagship: out of a draft, in again with one sentence changed, and shown before it goes in."""
    draft = open_draft("cnil-hosting", current_edition(), user)
    raw = export_draft(draft)
    published = export_edition(current_edition())
    edited = raw.replace(b"Who holds the keys that", b"Who has the keys that")
    document = yaml.safe_load(raw)
    browser = Client()
    browser.force_login(User.objects.create_superuser("files@example.org", "a long pass phrase"))
    address = reverse("admin:checklists_draft_files", args=[draft.pk])
    turn = 0

    def load() -> object:
        return yaml.safe_load(raw)

    def dump() -> object:
        return yaml.safe_dump(document, allow_unicode=True)

    def bring_in() -> None:
        nonlocal turn
        turn += 1
        said = read_incoming(edited if turn % 2 else raw).document
        carry_out(propose(standing_draft(Draft.objects.get(pk=draft.pk)), said), user)

    def look() -> None:
        nonlocal turn
        turn += 1
        sent = edited.replace(b"\nnumber: ", b"\n# %d\nnumber: " % turn)
        assert browser.post(address, {"file": SimpleUploadedFile("file.yaml", sent)}).status_code == 200

    print("the flagship as a file, against yaml.safe_load or safe_dump (no libyaml) of the same:")
    print(f"  read and checked {times(lambda: read_pack(published), load, 7):.2f} x (at most 1.5)")
    print(f"  exported from a draft {times(lambda: export_draft(draft), dump, 7):.2f} x (at most 1.5)")
    print(f"  imported into a draft, history kept {times(bring_in, load, 7):.2f} x (at most 1.5)")
    print(f"  shown with its differences and faults before that {times(look, load, 7):.2f} x (at most 2)")
    drop_draft(draft)
