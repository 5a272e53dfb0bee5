"""What is issued or approved is what the page showed, or nothing is."""

from __future__ import annotations

import re

from django.test import Client

from checklists.models import Answer, Offer, Report
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
