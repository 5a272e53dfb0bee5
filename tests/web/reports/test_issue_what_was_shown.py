"""What is issued or approved is what the page showed, or nothing is."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from checklists.models import Answer, Evidence, Offer, Report, User
from checklists.services.evidence.keep_evidence import hold_to_evidence
from checklists.services.transition import begin_plan
from tests.figures import count


def test_a_report_is_issued_only_of_what_stood_when_its_page_was_opened(desk: Client, example: Offer) -> None:
    listing, issue = f"/offers/{example.pk}/reports/", f"/offers/{example.pk}/reports/issue/"
    shown = re.search(r'name="shown"\s+value="(\w+)"', desk.get(listing).content.decode())
    assert shown
    row = Answer.objects.get(offer=example, question="key_holder")
    said = {"q-key_holder-answer": "unknown", "q-key_holder-revision": row.revision, "q-key_holder-comment": "new"}
    desk.post(f"/offers/{example.pk}/answers/key_holder/", said, headers={"HX-Request": "true"})
    sent = {"language": "en", "form": "full"}
    refused = desk.post(issue, sent | {"shown": shown.group(1)})
    count("reports issued of what was not shown", "issued", tried=1, faults=Report.objects.count())
    assert refused.status_code == 409
    assert "The answers changed" in refused.content.decode()
    assert not Report.objects.exists()
    again = re.search(r'name="shown"\s+value="(\w+)"', refused.content.decode())
    assert again
    assert desk.post(issue, sent | {"shown": again.group(1)}).status_code == 302
    assert Report.objects.count() == 1


@pytest.mark.parametrize("what", ["evidence", "its validity", "how evidence counts", "the plan", "a name"])
def test_no_report_is_issued_once_anything_it_tells_of_changed(
    desk: Client, example: Offer, officer: User, what: str
) -> None:
    row = Answer.objects.get(offer=example, question="key_holder")
    kept = Evidence.objects.create(answer=row, kind="contract", strength="document", title="Contract")
    shown = re.search(r'name="shown"\s+value="(\w+)"', desk.get(f"/offers/{example.pk}/reports/").content.decode())
    assert shown
    if what == "evidence":
        Evidence.objects.filter(pk=kept.pk).update(removed_at=timezone.now())
    elif what == "its validity":
        Evidence.objects.filter(pk=kept.pk).update(valid_until=date(2020, 1, 1))
    elif what == "how evidence counts":
        hold_to_evidence(example.assessment, held=True)
    elif what == "the plan":
        begin_plan(example, date(2027, 1, 4), officer)
    else:
        Offer.objects.filter(pk=example.pk).update(name="Another name")
    sent = {"language": "en", "form": "full", "shown": shown.group(1)}
    assert desk.post(f"/offers/{example.pk}/reports/issue/", sent).status_code == 409
    assert not Report.objects.exists()
