"""Who could host this? A hundred profiles against a workload, beside one result page."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from checklists.models import Offer, ProviderProfile
from checklists.packs.profiles.reader import read_profile, shipped_profile, shipped_profiles
from checklists.services.profiles.load_profile import load_profile
from checklists.services.profiles.shortlist import shortlist

PROFILES = 100


def hosting(offer: Offer, browser: Client, seconds: Callable[[Callable[[], object], int], float]) -> None:
    """The shortlist of a hundred profiles, the shipped ones over and over, and its page."""
    keys = shipped_profiles()
    for number in range(PROFILES):
        profile = read_profile(shipped_profile(keys[number % len(keys)]))
        turn = number // len(keys)
        again = {"key": f"{profile.key}-{turn}", "service": f"{profile.service} {turn}"}
        load_profile(profile.model_copy(update=again) if turn else profile, None)
    assessment = offer.assessment
    ways = len(shortlist(assessment))
    listed = seconds(lambda: shortlist(assessment), 10)
    result = reverse("result", args=[offer.pk])
    alone = seconds(lambda: browser.get(result), 10)
    page = seconds(lambda: browser.get(reverse("who-could-host", args=[assessment.pk])), 10)
    print(
        f"who could host, {PROFILES} profiles in {ways} ways: {listed:.2f} s (at most 0.5), "
        f"{listed / alone:.2f} x one result page; its page {page / alone:.2f} x"
    )
    ProviderProfile.objects.all().delete()
