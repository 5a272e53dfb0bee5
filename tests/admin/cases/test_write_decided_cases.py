"""Decided cases of a checklist: written in the browser, judged again, tried on a draft, public."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from checklists.core.editions.vocabulary import Verdict
from checklists.models import Draft, Edition, User
from checklists.services.drafts.edit_draft import change_part
from checklists.services.drafts.open_draft import open_draft
from checklists.services.editions.keep_cases import case_documents, cases_of
from checklists.services.editions.publish_edition import load_edition
from checklists.services.judging.judge_cases import compared_cases
from tests.admin.conftest import part
from tests.grid import KEY, publish_grid

CASE = {
    "key": "appel-2026",
    "title_fr": "Appel d’offres",
    "authority_fr": "Tribunal",
    "reference_date": "30/11/2026",
    "source": "Décision n° 1",
    "expected": ["unacceptable"],
    "note_fr": "Prix refusé.",
    "fact-price_1": "bad",
}


def test_write_a_case_and_read_it_in_public(bench: Client) -> None:
    publish_grid()
    assert bench.get(reverse("admin:checklists_case_add", args=[KEY])).status_code == 200
    assert bench.post(reverse("admin:checklists_case_add", args=[KEY]), CASE).status_code == 302
    (case,) = cases_of(KEY)
    assert case.expected == {Verdict.UNACCEPTABLE}
    shown = bench.get(reverse("decided-cases-of", args=[KEY])).content.decode()
    assert "Appel d’offres" in shown
    assert "the same" in shown
    assert "Appel d’offres" not in bench.get(reverse("decided-cases")).content.decode()


def test_a_case_is_judged_again_when_it_changes_and_goes_when_taken_out(bench: Client) -> None:
    edition = load_edition(publish_grid().sha256)
    bench.post(reverse("admin:checklists_case_add", args=[KEY]), CASE)
    assert compared_cases(edition)[0].agrees
    address = reverse("admin:checklists_case", args=[KEY, CASE["key"]])
    assert 'value="bad" selected' in bench.get(address).content.decode()
    assert bench.post(address, {**CASE, "fact-price_1": "good"}).status_code == 302
    assert not compared_cases(edition)[0].agrees
    bench.post(reverse("admin:checklists_case_remove", args=[KEY, CASE["key"]]))
    assert cases_of(KEY) == ()


def test_what_is_missing_is_told(bench: Client) -> None:
    publish_grid()
    address = reverse("admin:checklists_case_add", args=[KEY])
    for wrong, told in [
        ({"fact-price_1": ""}, "Give one fact or more"),
        ({"fact-price_1": "superb"}, "superb"),
        ({"expected": []}, "This field is required."),
        ({"reference_date": "31/02/2026"}, "This is not a date of the calendar."),
        ({"key": "É"}, "Small letters"),
        ({"title_fr": ""}, "This field is required."),
    ]:
        response = bench.post(address, {**CASE, **wrong})
        assert response.status_code == 422
        assert told in response.content.decode(), wrong
    bench.post(address, CASE)
    assert bench.post(address, CASE).status_code == 422


def test_a_shipped_case_is_changed_or_hidden_and_its_other_facts_stay(bench: Client, edition: Edition) -> None:
    before = case_documents("cnil-hosting")
    key = next(iter(before))
    address = reverse("admin:checklists_case", args=["cnil-hosting", key])
    page = bench.get(address)
    form = page.context["form"]
    sent = {name: field.initial or "" for name, field in form.fields.items() if name.startswith("fact-")}
    sent |= {f"{name}_{code}": text for name in ("title", "authority", "note")
             for code, text in form.fields[name].initial.items()}  # fmt: skip
    sent |= {"reference_date": form.fields["reference_date"].initial, "source": form.fields["source"].initial,
             "expected": form.fields["expected"].initial}  # fmt: skip
    assert bench.post(address, sent).status_code == 302
    judged = {item.case.key: item.judged for item in compared_cases(load_edition(edition.sha256))}
    assert case_documents("cnil-hosting")[key]["facts"].keys() == before[key]["facts"].keys()
    bench.post(reverse("admin:checklists_case_remove", args=["cnil-hosting", key]))
    assert len(cases_of("cnil-hosting")) == len(before) - 1
    assert judged.keys() == before.keys()


def test_a_draft_is_tried_on_the_cases_before_it_is_published(bench: Client, editor: User) -> None:
    draft = open_draft(KEY, publish_grid(), editor)
    bench.post(reverse("admin:checklists_case_add", args=[KEY]), CASE)
    gate = part(draft, "gates", "price")
    change_part(gate, gate.body | {"ceiling": "conditional"}, editor)
    page = bench.get(reverse("admin:checklists_cases_of_draft", args=[draft.pk])).content.decode()
    assert "1 case would be judged otherwise than under the edition in force." in page
    assert Draft.objects.get().state == "open"


def test_who_is_no_editor_reads_none_and_an_approver_writes_none(bench: Client, desk: Client, approver: User) -> None:
    publish_grid()
    names = ["admin:checklists_cases", "admin:checklists_case_add"]
    desk.force_login(User.objects.get(email="dpo@hopital.example"))
    assert {desk.get(reverse(name, args=[KEY])).status_code for name in names} <= {302, 403}
    desk.force_login(approver)
    assert desk.get(reverse(names[0], args=[KEY])).status_code == 200
    assert desk.post(reverse(names[1], args=[KEY]), CASE).status_code == 403
    assert cases_of(KEY) == ()
