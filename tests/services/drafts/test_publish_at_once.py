"""Submitting, sending back, dropping, importing and publishing at the same instant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from checklists.models import Draft, DraftPart, Edition, User
from checklists.packs.files.problems import PackError
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.edit_draft import change_part
from checklists.services.drafts.import_pack import DraftMoved, carry_out, propose, standing_draft
from checklists.services.drafts.open_draft import DraftRefused, open_draft
from checklists.services.drafts.publish_draft import drop_draft, publish_draft, send_back, shown_as, submit_draft
from tests.at_once import at_once
from tests.figures import count

pytestmark = pytest.mark.django_db(transaction=True)
CHANGELOG = {"fr": "Poids revus.", "en": "Weights read again."}
DAY = date(2027, 1, 4)


def fresh(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def weight(document: dict[str, Any]) -> int:
    return int(next(each for each in document["questions"] if each["key"] == "key_holder")["weight"])


def weigh(draft: Draft, number: int, by: User) -> DraftPart:
    found = draft.parts.get(family="questions", key="key_holder", owner=None)
    change_part(found, found.body | {"weight": number}, by)
    return found


def test_what_several_approvers_do_at_once_is_done_once(edition: Edition, officer: User) -> None:
    draft = open_draft("cnil-hosting", edition, officer)
    submit_draft(draft, CHANGELOG, officer)
    shown = shown_as(draft)
    came = at_once(
        lambda: publish_draft(fresh(draft), DAY, officer, shown=shown),
        lambda: publish_draft(fresh(draft), DAY, officer, shown=shown),
        lambda: send_back(fresh(draft)),
        lambda: drop_draft(fresh(draft)),
        lambda: submit_draft(fresh(draft), CHANGELOG, officer),
    )
    faults = [each for each in came if isinstance(each, Exception) and not isinstance(each, DraftRefused)]
    state = fresh(draft).state
    published = Edition.objects.filter(number=edition.number + 1).count()
    count("acts on one draft at the same instant", "broken", tried=len(came), faults=len(faults))
    assert faults == []
    assert published == (state == Draft.State.PUBLISHED) == sum(isinstance(each, Edition) for each in came)


def test_publishing_while_a_file_is_brought_in_publishes_what_was_shown(edition: Edition, officer: User) -> None:
    """The file comes into the draft before it is submitted, or is refused: never between the reading and the click."""
    draft = open_draft("cnil-hosting", edition, officer)
    weigh(draft, 8, officer)
    document = draft_document(draft, next_imprint(draft))
    next(each for each in document["questions"] if each["key"] == "key_holder")["weight"] = 3
    proposal = propose(standing_draft(draft), document)
    submit_draft(draft, CHANGELOG, officer)
    shown = shown_as(draft)

    def back_and_in() -> None:
        """As somebody in haste does: send back, bring the file in, submit again."""
        with transaction.atomic():
            send_back(fresh(draft))
            carry_out(proposal, officer)
            submit_draft(fresh(draft), CHANGELOG, officer)

    came = at_once(
        lambda: carry_out(proposal, officer),
        lambda: publish_draft(fresh(draft), DAY, officer, shown=shown),
        back_and_in,
    )
    allowed = DraftRefused | DraftMoved | PackError
    faults = [each for each in came if isinstance(each, Exception) and not isinstance(each, allowed)]
    count("files brought in while a draft is published", "published unseen", tried=2, faults=len(faults))
    assert faults == []
    found = Edition.objects.filter(number=edition.number + 1).first()
    if found is not None:
        assert weight(found.document) == 8
        assert isinstance(came[0], Exception)
    else:
        assert weight(draft_document(fresh(draft), next_imprint(fresh(draft)))) == 3
