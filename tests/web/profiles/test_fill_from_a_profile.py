"""Adding an offer from a profile: shown first, filled in, read, confirmed; and the result moves."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

from checklists.models import Answer, Membership, Offer, ProfileFact, ProviderProfile, User
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.judging.judge_offer import judge_offer
from checklists.services.profiles.keep_profile import save_fact, save_profile
from tests.browsing import faults
from tests.services.made_profiles import FACTS, a_fact, a_profile


@pytest.fixture
def profile(officer: User) -> ProviderProfile:
    return a_profile(officer)


@pytest.fixture
def fresh(example: Offer) -> Offer:
    return add_offer(example.assessment, name="Fresh")


def filled(desk: Client, offer: Offer, profile: ProviderProfile) -> None:
    sent = {"profile": profile.pk, "fact": list(FACTS), **{f"revision-{key}": "0" for key in FACTS}}
    assert desk.post(f"/offers/{offer.pk}/fill/", sent).status_code == 302


def card(desk: Client, offer: Offer, key: str = "key_holder", chapter: str = "keys") -> str:
    page = desk.get(f"/offers/{offer.pk}/questions/{chapter}/").content.decode()
    return page.split(f'id="q-{key}"')[1].split("</fieldset>")[0]


def test_an_offer_added_from_a_profile_shows_what_it_would_fill_in_and_writes_nothing_yet(
    desk: Client, example: Offer, profile: ProviderProfile
) -> None:
    sent = {"name": "New", "profile": str(profile.pk)}
    response = desk.post(f"/assessments/{example.assessment_id}/offers/new/", sent)
    page = desk.get(response["Location"]).content.decode()
    assert "The customer alone" in page
    assert "Conditions du service, article 4" in page
    assert "checked on 2 March 2026" in page
    assert not Answer.objects.filter(offer__name="New").exists()


@pytest.mark.parametrize("number", ["999", "nonsense", "²", "9" * 30, "-1"])
def test_a_profile_that_is_not_listed_is_refused_in_words(desk: Client, fresh: Offer, number: str) -> None:
    a_profile(service="Other")
    assert "Choose one of the profiles" in desk.get(f"/offers/{fresh.pk}/fill/?profile={number}").content.decode()
    response = desk.post(f"/offers/{fresh.pk}/fill/", {"profile": number, "fact": "key_holder"})
    assert response.status_code == 422
    assert not fresh.answers.exists()


def test_a_withdrawn_profile_is_read_and_fills_in_nothing(desk: Client, fresh: Offer, profile: ProviderProfile) -> None:
    profile.is_withdrawn = True
    save_profile(profile, None)
    assert "is withdrawn" in desk.get(f"/profiles/{profile.pk}/").content.decode()
    response = desk.post(f"/offers/{fresh.pk}/fill/", {"profile": profile.pk, "fact": "key_holder"})
    assert response.status_code == 422
    assert not fresh.answers.exists()


def test_nothing_ticked_is_told(desk: Client, fresh: Offer, profile: ProviderProfile) -> None:
    response = desk.post(f"/offers/{fresh.pk}/fill/", {"profile": profile.pk})
    assert response.status_code == 422
    assert "Tick at least one" in response.content.decode()


@pytest.mark.parametrize("revision", ["", "nonsense", "7", "-1", "9" * 40])
def test_a_forged_revision_overwrites_nothing(
    desk: Client, example: Offer, profile: ProviderProfile, revision: str
) -> None:
    before = example.answers.get(question="key_holder")
    sent = {"profile": profile.pk, "fact": ["key_holder", "made_up"], "revision-key_holder": revision}
    response = desk.post(f"/offers/{example.pk}/fill/", sent)
    assert response.status_code == 409
    assert "left as it is" in response.content.decode()
    assert example.answers.get(question="key_holder").value == before.value


def test_what_was_filled_in_is_marked_everywhere_until_confirmed(
    desk: Client, fresh: Offer, profile: ProviderProfile
) -> None:
    filled(desk, fresh, profile)
    marked = "From the profile “Hôte imaginaire – Nuage”, checked on 2 March 2026, to be confirmed"
    assert marked in card(desk, fresh)
    review = desk.get(f"/offers/{fresh.pk}/review/?show=presumed")
    assert review.content.decode().count(marked) == len(FACTS)
    assert dict(review.context["counts"])["presumed"] == len(FACTS)
    assert (
        f"{len(FACTS)} answers come from a provider profile" in desk.get(f"/offers/{fresh.pk}/result/").content.decode()
    )
    report = desk.get(f"/offers/{fresh.pk}/report/?form=full&language=en&format=html").content.decode()
    assert report.count(marked) == len(FACTS)
    compared = desk.get(f"/assessments/{fresh.assessment_id}/comparison/?rows=all").content.decode()
    assert "The customer alone (to be confirmed)" in compared


def test_one_click_confirms_one_answer_and_keeps_what_was_typed_elsewhere(
    desk: Client, fresh: Offer, profile: ProviderProfile
) -> None:
    filled(desk, fresh, profile)
    sent = {
        "q-key_holder-answer": "option:customer_only", "q-key_holder-revision": "1", "confirm": "key_holder",
        "q-encryption_at_rest-answer": "option:client_side", "q-encryption_at_rest-revision": "0",
    }  # fmt: skip
    response = desk.post(f"/offers/{fresh.pk}/questions/keys/", sent)
    assert response["Location"].endswith("#q-key_holder")
    assert not fresh.answers.get(question="key_holder").is_presumed
    assert fresh.answers.get(question="encryption_at_rest").value == "client_side"
    assert fresh.answers.filter(is_presumed=True).count() == len(FACTS) - 1


def test_all_of_a_page_are_confirmed_at_once_but_what_changed_meanwhile(
    desk: Client, fresh: Offer, profile: ProviderProfile
) -> None:
    filled(desk, fresh, profile)
    Answer.objects.filter(offer=fresh, question="key_holder").update(revision=2)
    sent = {"q-key_holder-answer": "option:customer_only", "q-key_holder-revision": "1", "confirm": "*"}
    page = desk.post(f"/offers/{fresh.pk}/questions/keys/", sent, follow=True).content.decode()
    assert "Changed by somebody meanwhile" in page
    assert fresh.answers.get(question="key_holder").is_presumed
    assert fresh.answers.filter(is_presumed=True).count() == len(FACTS)


def test_saving_another_answer_takes_the_mark_away_from_the_page(
    desk: Client, fresh: Offer, profile: ProviderProfile
) -> None:
    filled(desk, fresh, profile)
    sent = {"q-key_holder-answer": "option:provider", "q-key_holder-revision": "1"}
    response = desk.post(f"/offers/{fresh.pk}/answers/key_holder/", sent, headers={"HX-Request": "true"})
    assert '<div id="presumed-key_holder" hx-swap-oob="true"></div>' in response.content.decode()
    assert "to be confirmed" not in card(desk, fresh)


def test_a_newer_fact_is_shown_beside_the_answer(desk: Client, fresh: Offer, profile: ProviderProfile) -> None:
    filled(desk, fresh, profile)
    assert "newer fact" not in card(desk, fresh)
    fact = ProfileFact.objects.get(question="key_holder")
    fact.value, fact.checked_on = "provider", date(2026, 5, 1)
    save_fact(fact, None)
    assert "A newer fact is available" in card(desk, fresh)


def test_the_library_says_its_sources_what_is_old_and_what_no_edition_knows(
    desk: Client, profile: ProviderProfile
) -> None:
    save_fact(
        a_fact(
            profile, "access_logging", "customer_visible", checked_on=date(2020, 1, 2), source_date=date(2020, 1, 1)
        ),
        None,
    )
    ProfileFact.objects.bulk_create([a_fact(profile, "gone", "yes")])
    assert "4 facts" not in desk.get("/profiles/").content.decode()
    assert "5 facts" in desk.get("/profiles/").content.decode()
    page = desk.get(f"/profiles/{profile.pk}/").content.decode()
    assert page.count("checked more than twelve months ago") == 1
    assert "does not ask the question “gone”" in page
    assert page.count('href="https://example.org/conditions"') == 5


def test_an_empty_library_says_why(desk: Client, fresh: Offer) -> None:
    assert "There is no profile here yet" in desk.get("/profiles/").content.decode()
    assert "no profile to fill in from" in desk.get(f"/offers/{fresh.pk}/fill/").content.decode()
    new = desk.get(f"/assessments/{fresh.assessment_id}/offers/new/").content.decode()
    assert 'name="profile"' not in new


def test_readers_read_the_library_and_fill_in_nothing(client: Client, fresh: Offer, profile: ProviderProfile) -> None:
    reader = User.objects.create_user("lecture@hopital.example", "a long pass phrase")
    Membership.objects.create(user=reader, organisation=fresh.assessment.organisation, role="reader")
    client.force_login(reader)
    assert client.get(f"/profiles/{profile.pk}/").status_code == 200
    for act in (client.get, client.post):
        assert act(f"/offers/{fresh.pk}/fill/", {"profile": profile.pk, "fact": "key_holder"}).status_code == 404
    assert not fresh.answers.exists()


def test_queries_do_not_grow_with_the_facts(desk: Client, fresh: Offer, profile: ProviderProfile) -> None:
    pages = ("/profiles/", f"/profiles/{profile.pk}/", f"/offers/{fresh.pk}/fill/?profile={profile.pk}")

    def queries() -> list[int]:
        counts = []
        for address in pages:
            desk.get(address)
            with CaptureQueriesContext(connection) as captured:
                desk.get(address)
            counts.append(len(captured))
        return counts

    before = queries()
    assert max(before) <= 10
    for key, value in {
        "access_logging": "customer_visible",
        "audit_rights": "on_site",
        "storage_location": "eu",
    }.items():
        save_fact(a_fact(profile, key, value), None)
    assert queries() == before


def test_in_a_browser(transactional_db: None, page: Page, example: Offer, officer: User) -> None:
    profile = a_profile(officer)
    page.goto(f"/assessments/{example.assessment_id}/offers/new/")
    page.fill("#id_name", "Hôte imaginaire, Paris")
    page.select_option("#id_profile", str(profile.pk))
    page.click("main form button.btn-primary")
    page.wait_for_url("**/fill/?profile=*")
    visited = [faults(page)]
    page.click("main form[method=post] button.btn-primary")
    page.wait_for_url("**/review/?show=presumed")
    offer = Offer.objects.get(name="Hôte imaginaire, Paris")
    # So that the one answer filled in matters, the rest is as in the worked example.
    copy_answers(example, offer, officer)
    before = judge_offer(offer).score
    page.goto(f"/offers/{offer.pk}/questions/keys/")
    visited.append(faults(page))
    page.click("#presumed-key_holder button")
    expect(page.locator("main .notice-success")).to_be_visible()
    expect(page.locator("#presumed-key_holder button")).to_have_count(0)
    after = judge_offer(offer).score
    assert after.low > before.low
    assert after.high == before.high
    page.goto(f"/offers/{offer.pk}/result/")
    visited.append(faults(page))
    expect(page.locator("main p.presumed")).to_be_visible()
    page.goto(f"/profiles/{profile.pk}/")
    visited.append(faults(page))
    assert visited == [[]] * len(visited)
