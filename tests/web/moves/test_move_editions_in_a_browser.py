"""In Debian's Chromium: an editor sees whose verdict a draft moves, then publishes; an officer moves an assessment."""

from __future__ import annotations

from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from checklists.models import Edition, EditionMove, ImpactRun, Offer, User
from checklists.services.drafts.edit_draft import change_part
from checklists.services.drafts.open_draft import open_draft
from checklists.services.people.grant_criteria_roles import grant_criteria_roles
from tests.browsing import faults
from tests.moves import next_edition


def test_change_a_draft_see_the_impact_and_publish(
    transactional_db: None, page: Page, example: Offer, officer: User, edition: Edition
) -> None:
    grant_criteria_roles("default")
    officer.is_staff = True
    officer.save()
    officer.groups.set(Group.objects.all())
    draft = open_draft("cnil-hosting", edition, officer)
    for gate in draft.parts.filter(family="gates"):
        change_part(gate, gate.body | {"ceiling": "conditional"}, officer)
    address = f"/admin/checklists/draft/{draft.pk}"
    page.goto(f"{address}/publish/")
    page.locator(f".impact-note a[href='{address}/impact/']").click()
    page.locator("#content form button.default").click()
    expect(page.locator("#found-title")).to_be_visible(timeout=30_000)
    expect(page.locator(".impact-headline")).to_contain_text("1 off")
    assert ImpactRun.objects.get().summary["moved"] == 1
    page.reload()
    expect(page.locator("#moves-title")).to_be_visible()
    assert faults(page) == []
    page.goto(f"{address}/publish/")
    expect(page.locator(".impact-note")).to_contain_text("1 off")
    for language in ("fr", "en"):
        page.locator(f"textarea[name=changelog_{language}]").fill("Plafonds / Ceilings")
    page.click("button[value=submit]")
    page.click("button[value=publish]")
    expect(page.locator(".draft-state")).to_contain_text("SHA-256")
    page.goto(f"/assessments/{example.assessment_id}/")
    expect(page.locator(f"a[href='/assessments/{example.assessment_id}/edition/']")).to_be_visible()


def test_move_an_assessment_undo_it_move_it_again_and_confirm(
    transactional_db: None, page: Page, example: Offer, edition: Edition
) -> None:
    newer = next_edition(
        edition, reworded=["encryption_in_transit"], option_gone=[("key_holder", "provider")], added="else_"
    )
    here = f"/assessments/{example.assessment_id}/edition/"
    page.goto(f"/assessments/{example.assessment_id}/")
    page.locator(f"a[href='{here}']").click()
    assert faults(page) == []
    page.locator("form[action$='/move/'] button").click()
    expect(page.locator("input[name=answer]")).to_have_count(1)
    assert faults(page) == []
    page.locator("details.panel summary").click()
    page.locator("form[action$='/undo/'] button").click()
    expect(page.locator("#past-moves")).to_be_visible()
    page.locator("form[action$='/move/'] button").focus()
    page.keyboard.press("Enter")
    page.locator("input[name=answer]").focus()
    page.keyboard.press("Space")
    page.locator("button[value=close]").click()
    page.wait_for_url(f"**/assessments/{example.assessment_id}/")
    example.assessment.refresh_from_db()
    assert example.assessment.edition == newer
    assert sorted(EditionMove.objects.values_list("state", flat=True)) == ["confirmed", "undone"]
    page.goto(f"/organisations/{example.assessment.organisation_id}/editions/")
    assert faults(page) == []
