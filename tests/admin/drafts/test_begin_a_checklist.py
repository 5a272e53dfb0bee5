"""Begin a checklist of one's own in the browser: from a copy, from a template, from nothing."""

from __future__ import annotations

from datetime import date

from django.test import Client
from django.urls import reverse

from checklists.models import Draft, DraftPart, Edition, User
from checklists.services.drafts.begin_checklist import origin_of
from checklists.services.drafts.check_draft import check_draft
from checklists.services.drafts.publish_draft import publish_draft, submit_draft

OWN = {"act": "own", "start": "copy", "title_fr": "Grille régionale", "languages": ["fr"], "key": ""}


def begin(bench: Client, **said: object) -> Draft:
    response = bench.post(reverse("admin:checklists_draft_add"), {**OWN, **said})
    assert response.status_code == 302, response.content.decode()
    return Draft.objects.latest("pk")


def test_a_copy_under_another_name_keeps_its_origin(
    bench: Client, editor: User, approver: User, edition: Edition
) -> None:
    draft = begin(bench, origin=edition.pk)
    assert draft.checklist == "grille-regionale"
    assert draft.head["languages"] == ["fr"]
    assert draft.head["title"] == {"fr": "Grille régionale"}
    assert draft.base == edition
    assert [problem for problem in check_draft(draft) if not problem.is_warning] == []
    submit_draft(draft, {"fr": "Première édition."}, editor)
    copied = publish_draft(draft, date(2026, 11, 30), approver)
    assert copied.number == 1
    assert origin_of(copied.checklist) == edition
    shown = bench.get(reverse("edition", args=[copied.checklist, 1])).content.decode()
    assert reverse("edition", args=[edition.checklist, edition.number]) in shown
    assert "written in French only" in shown


def test_a_template_has_five_concerns_and_thresholds_in_the_languages_chosen(bench: Client) -> None:
    draft = begin(bench, start="template", languages=["fr", "en"], title_en="Regional grid")
    families = list(DraftPart.objects.filter(draft=draft).values_list("family", flat=True))
    assert families.count("concerns") == 5
    assert families.count("thresholds") == 2
    assert draft.head["title"] == {"fr": "Grille régionale", "en": "Regional grid"}
    french = begin(bench, start="template", key="fr-only")
    assert set(french.parts.filter(family="concerns")[0].body["title"]) == {"fr"}


def test_nothing_is_a_draft_that_can_be_filled(bench: Client) -> None:
    draft = begin(bench, start="nothing", key="mine")
    assert draft.checklist == "mine"
    assert not draft.parts.exists()
    for name in ("change", "checks", "publish", "files", "changes", "head", "impact"):
        assert bench.get(reverse(f"admin:checklists_draft_{name}", args=[draft.pk])).status_code == 200, name
    added = bench.get(reverse("admin:checklists_draft_add_part", args=[draft.pk, "concerns"]))
    assert added.status_code == 200


def test_what_is_missing_is_told_beside_its_field(bench: Client, edition: Edition) -> None:
    address = reverse("admin:checklists_draft_add")
    for said, told in [
        ({"start": "copy"}, "Choose the edition to copy."),
        ({"start": "template", "title_fr": ""}, "Give it a title in one of its languages."),
        ({"start": "template", "key": "No Spaces"}, "Small letters, figures and hyphens only."),
        ({"start": "template", "title_fr": "12"}, "none can be made of this title"),
        ({"start": "template", "key": edition.checklist}, "is taken"),
        ({"start": "template", "languages": []}, "This field is required."),
        ({"start": "magic"}, "magic"),
    ]:
        response = bench.post(address, {**OWN, **said})
        assert response.status_code == 422
        assert told in response.content.decode(), said
    assert not Draft.objects.exists()


def test_a_language_can_be_added_and_taken_out_again(bench: Client) -> None:
    draft = begin(bench, start="template", languages=["fr", "en"], title_en="Regional grid")
    address = reverse("admin:checklists_draft_head", args=[draft.pk])
    said = {"title_fr": "Grille", "title_en": "Grid", "summary_fr": "Résumé.", "summary_en": "Summary."}
    assert bench.post(address, {**said, "languages": ["fr"]}).status_code == 302
    draft.refresh_from_db()
    assert draft.head["languages"] == ["fr"]
    assert draft.head["title"] == {"fr": "Grille"}
    assert set(draft.parts.filter(family="concerns")[0].body["title"]) == {"fr"}
    assert bench.post(address, {"title_fr": "Grille", "summary_fr": "R.", "languages": ["fr", "en"]}).status_code == 302
    draft.refresh_from_db()
    assert draft.head["languages"] == ["fr", "en"]
    told = [problem.place for problem in check_draft(draft)]
    assert any(place.startswith("concerns/keys/title") for place in told)
    assert bench.post(address, {"title_fr": "Grille", "languages": []}).status_code == 422
