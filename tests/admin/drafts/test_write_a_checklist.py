"""The pages that write a checklist: tree, parts, conditions from menus, history, publication."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from checklists.models import Draft, Edition, Offer, User
from checklists.packs.editions.parts import FAMILIES
from checklists.services.drafts.edit_draft import add_part, change_part, place_part
from tests.admin.conftest import part
from tests.admin.forms import sent_back


def at(draft: Draft, page: str, *args: object) -> str:
    return reverse(f"admin:checklists_draft_{page}", args=[draft.pk, *args])


def text(response: HttpResponse) -> str:
    return response.content.decode()


def sent_question(key: str, **changes: object) -> dict[str, object]:
    """What the form of a new question sends, with two answers."""
    return {
        "key": key,
        "text_fr": "Le prestataire tient-il un registre ?",
        "text_en": "Does the provider keep a register?",
        "why_fr": "Il le faut.",
        "why_en": "It must.",
        "where_fr": "Au contrat.",
        "where_en": "In the contract.",
        "concern": "governance",
        "scope": "offer",
        "kind": "choice",
        "weight": "0",
        "harms": ["duty"],
        "sources": ["gdpr-30"],
        "applies::kind": "all",
        "applies::count": "0",
        "options": "2",
        "option-new-0-key": "yes",
        "option-new-0-label_fr": "Oui",
        "option-new-0-label_en": "Yes",
        "option-new-1-key": "no",
        "option-new-1-label_fr": "Non",
        "option-new-1-label_en": "No",
        **changes,
    }


def test_the_tree_asks_twelve_queries_at_most(
    bench: Client, draft: Draft, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        page = text(bench.get(at(draft, "change")))
    assert "Who holds the keys" in page
    assert f'id="part-{part(draft, "gates", "no_transfer_tool").pk}"' in page


def test_add_a_question_with_its_answers_in_both_languages(bench: Client, draft: Draft) -> None:
    response = bench.post(at(draft, "add_part", "questions"), sent_question("keeps_register"))
    question = part(draft, "questions", "keeps_register")
    assert response["Location"] == at(draft, "part", question.pk)
    assert question.body["text"]["fr"] == "Le prestataire tient-il un registre ?"
    assert [(row.key, row.body["label"]["en"]) for row in question.parts.all()] == [("yes", "Yes"), ("no", "No")]
    assert {"keeps_register", "yes", "no"} <= set(draft.changes.values_list("key", flat=True))


def test_what_cannot_be_kept_is_said_beside_the_field_and_nothing_is_lost(bench: Client, draft: Draft) -> None:
    response = bench.post(at(draft, "add_part", "questions"), sent_question("Not A Key", weight="200"))
    assert response.status_code == 422
    page = text(response)
    assert 'href="#field-key"' in page
    assert 'href="#field-weight"' in page
    assert "Does the provider keep a register?" in page
    assert not draft.parts.filter(key="Not A Key").exists()


def test_a_key_that_is_taken_is_refused_and_no_answer_is_left_behind(bench: Client, draft: Draft) -> None:
    count = draft.parts.count()
    response = bench.post(at(draft, "add_part", "questions"), sent_question("key_holder"))
    assert response.status_code == 422
    assert "is taken" in text(response)
    assert draft.parts.count() == count


def test_put_the_answers_in_another_order_and_take_one_out(bench: Client, draft: Draft) -> None:
    bench.post(at(draft, "add_part", "questions"), sent_question("keeps_register"))
    question = part(draft, "questions", "keeps_register")
    address = at(draft, "part", question.pk)
    yes, no = question.parts.all()
    sent = sent_back(text(bench.get(address)))
    added = {"option-new-0-key": "partly", "option-new-0-label_en": "Partly", "option-new-0-ORDER": "1"}
    bench.post(address, sent | added | {f"option-{yes.pk}-ORDER": "3", f"option-{no.pk}-ORDER": "2"})
    assert [row.key for row in question.parts.all()] == ["partly", "no", "yes"]
    sent = sent_back(text(bench.get(address)))
    bench.post(address, sent | {f"option-{no.pk}-DELETE": "on", f"option-{yes.pk}-label_en": "Quite so"})
    assert [(row.key, row.body["label"]["en"]) for row in question.parts.all()] == [
        ("partly", "Partly"),
        ("yes", "Quite so"),
    ]


def test_an_answer_added_meanwhile_by_another_editor_is_left_alone(bench: Client, draft: Draft, approver: User) -> None:
    question = part(draft, "questions", "key_holder")
    address = at(draft, "part", question.pk)
    sent = sent_back(text(bench.get(address)))
    first = question.parts.all()[0]
    other = add_part(draft, "options", "other", {"label": {"fr": "Autre", "en": "Other"}}, approver, question)
    place_part(other, first, approver)
    assert bench.post(address, sent | {f"option-{first.pk}-level": "1"}).status_code == 302
    assert other in question.parts.all()
    other.refresh_from_db()
    first.refresh_from_db()
    assert (other.body["label"]["en"], first.body["level"]) == ("Other", 1)


def test_someone_elses_change_is_not_overwritten_unawares(bench: Client, draft: Draft, approver: User) -> None:
    source = part(draft, "sources", "gdpr-25")
    change_part(source, source.body | {"date": "2016-05-04"}, approver)
    sent = {"title_fr": "RGPD, art. 25", "title_en": "GDPR, Art. 25", "date": "2016-04-27", "url": source.body["url"]}
    response = bench.post(at(draft, "part", source.pk), sent | {"revision": "1", "status": "in_force"})
    assert response.status_code == 422
    assert "Someone changed" in text(response)
    assert part(draft, "sources", "gdpr-25").body["date"] == "2016-05-04"
    sent["revision"] = "2"
    assert bench.post(at(draft, "part", source.pk), sent | {"status": "in_force"}).status_code == 302
    assert part(draft, "sources", "gdpr-25").body["date"] == "2016-04-27"


def test_build_a_gate_from_menus_without_a_script(bench: Client, draft: Draft) -> None:
    address = at(draft, "add_part", "gates")
    sent: dict[str, object] = {
        "key": "no_key",
        "ceiling": "conditional",
        "harms": ["read"],
        "status": "in_force",
        "sources": ["gdpr-32"],
        "when::kind": "any",
        "when::count": "0",
    }
    for language in ("fr", "en"):
        sent |= {f"{name}_{language}": "Sans clé" for name in ("title", "finding", "advice")}
    page = text(bench.post(address, sent | {"when--do": "leaf "}))
    assert 'name="when:0:key"' in page
    sent |= {"when::count": "1", "when:0:kind": "leaf", "when:0:key": "key_holder", "when:0:test": "in"}
    page = text(bench.post(address, sent | {"when--do": "refresh"}))
    assert 'value="customer_only"' in page
    sent["when:0:values"] = ["none", "provider"]
    assert "Not complete yet" in page
    page = text(bench.post(address, sent | {"when--do": "refresh"}))
    assert "The answer to “Who holds the keys" in page
    assert not draft.parts.filter(key="no_key").exists()
    assert bench.post(address, sent).status_code == 302
    assert part(draft, "gates", "no_key").body["when"] == {"in": {"key_holder": ["none", "provider"]}}


def test_a_comparison_left_open_is_told(bench: Client, draft: Draft) -> None:
    gate = part(draft, "gates", "no_transfer_tool")
    sent = {"when::kind": "all", "when::count": "1", "when:0:kind": "leaf", "when:0:key": "key_holder"}
    response = bench.post(at(draft, "part", gate.pk), sent)
    assert response.status_code == 422
    assert "Tick one answer or more" in text(response)


def test_saving_a_part_as_it_stands_changes_nothing(bench: Client, draft: Draft) -> None:
    """Parts sent back as their pages show them: no editor loses or rewords anything."""
    for family in FAMILIES:
        row = max(draft.parts.filter(family=family), key=lambda one: len(str(one.body)))
        address = at(draft, "part", row.pk)
        assert bench.post(address, sent_back(text(bench.get(address)))).status_code == 302
    changed = {
        change.place: {name for name in change.after if change.before.get(name) != change.after[name]}
        for change in draft.changes.all()
    }
    assert changed == {}


def test_move_by_buttons_and_come_back_to_the_same_button(bench: Client, draft: Draft) -> None:
    rows = [row for row in draft.parts.filter(family="questions") if row.body["concern"] == "keys"]
    response = bench.post(at(draft, "move"), {"down": rows[0].pk}, follow=True)
    assert f'name="down" value="{rows[0].pk}"' in text(response)
    assert "autofocus" in text(response).split(f'name="down" value="{rows[0].pk}"')[1][:300]
    moved = [row.pk for row in draft.parts.filter(family="questions") if row.body["concern"] == "keys"]
    assert moved[:2] == [rows[1].pk, rows[0].pk]
    bench.post(at(draft, "move"), {"drop": rows[0].pk, "before": rows[1].pk, "concern": "keys"})
    moved = [row.pk for row in draft.parts.filter(family="questions") if row.body["concern"] == "keys"]
    assert moved[0] == rows[0].pk


def test_checks_lead_to_the_place_to_mend(bench: Client, draft: Draft, editor: User) -> None:
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"concern": "nowhere"}, editor)
    page = text(bench.get(at(draft, "checks")))
    assert f"{at(draft, 'part', question.pk)}#field-concern" in page


def test_history_tells_before_and_after_and_restores(bench: Client, draft: Draft, editor: User) -> None:
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"weight": 9}, editor)
    page = text(bench.get(at(draft, "changes")))
    assert "<del>5</del>" in page
    assert "<ins>9</ins>" in page
    assert str(editor) in page
    bench.post(at(draft, "restore", draft.changes.get().pk))
    assert part(draft, "questions", "key_holder").body["weight"] == 5


def test_an_editor_asks_and_an_approver_publishes(
    bench: Client, draft: Draft, editor: User, approver: User, edition: Edition
) -> None:
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"weight": 9}, editor)
    address = at(draft, "publish")
    assert bench.post(address, {"act": "submit", "changelog_fr": "Poids."}).status_code == 422
    bench.post(address, {"act": "submit", "changelog_fr": "Poids.", "changelog_en": "Weight."})
    assert bench.post(address, {"act": "publish", "published": "2027-01-04"}).status_code == 403
    bench.force_login(approver)
    assert "Weight" in text(bench.get(address))
    bench.post(address, {"act": "publish", "published": "2027-01-04"})
    assert Edition.objects.latest("number").number == edition.number + 1
    difference = reverse("compare-editions", args=["cnil-hosting", edition.number, edition.number + 1])
    page = text(bench.get(difference))
    assert "<del>5</del>" in page
    life = text(bench.get(reverse("edition-life", args=["cnil-hosting", "questions", "key_holder"])))
    assert life.count("<ins>9</ins>") == 1


def test_an_editor_sees_no_organisations_data(bench: Client, example: Offer, draft: Draft) -> None:
    index = text(bench.get("/admin/"))
    assert "/admin/checklists/draft/" in index
    for name in ("assessment", "offer", "answer", "organisation", "user"):
        assert f"/admin/checklists/{name}/" not in index
        assert bench.get(f"/admin/checklists/{name}/").status_code in (403, 404)
    assert bench.get(f"/assessments/{example.assessment_id}/").status_code == 404


def test_who_is_not_an_editor_reads_no_draft(desk: Client, draft: Draft) -> None:
    assert desk.get(at(draft, "change")).status_code == 302
    assert desk.get(reverse("draft-preview", args=[draft.pk])).status_code == 404


def test_an_approver_reads_and_does_not_write(bench: Client, draft: Draft, approver: User) -> None:
    bench.force_login(approver)
    question = part(draft, "questions", "key_holder")
    assert "disabled" in text(bench.get(at(draft, "part", question.pk)))
    assert bench.post(at(draft, "part", question.pk), sent_question("")).status_code == 403


def test_try_the_draft_without_touching_anything(bench: Client, draft: Draft, example: Offer) -> None:
    page = bench.get(reverse("draft-preview", args=[draft.pk]), follow=True)
    assert "Preview of a draft" in text(page)
    answers = example.answers.count()
    save = reverse("draft-preview-save", args=[draft.pk, "key_holder"])
    response = bench.post(save, {"q-key_holder-answer": "option:none"}, headers={"HX-Request": "true"})
    assert response["HX-Trigger"] == "porte-cles:saved"
    keys = reverse("draft-preview-page", args=[draft.pk, "keys"])
    assert 'value="option:none" id="q-key_holder-answer-0" checked' in " ".join(text(bench.get(keys)).split())
    for concern in draft.parts.filter(family="concerns"):
        assert bench.get(reverse("draft-preview-page", args=[draft.pk, concern.key])).status_code == 200
    result = bench.get(reverse("draft-preview-result", args=[draft.pk]), {"day": "2020-10-08"})
    assert "Result under the draft" in text(result)
    assert example.answers.count() == answers
    bench.post(reverse("draft-preview-restart", args=[draft.pk]))
    assert f"draft-preview-{draft.pk}" not in bench.session
