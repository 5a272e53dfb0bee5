"""A profile and facts for the tests: invented, and about no real provider."""

from __future__ import annotations

from datetime import date

from checklists.models import ProfileFact, ProviderProfile, User
from checklists.services.profiles.keep_profile import save_fact, save_profile

FACTS = {"key_holder": "customer_only", "immunity_qualification": "secnumcloud", "exit_plan": "tested"}


def a_profile(by: User | None = None, service: str = "Nuage", **values: str) -> ProviderProfile:
    profile = ProviderProfile(provider="Hôte imaginaire", service=service)
    save_profile(profile, by)
    for question, value in (values or FACTS).items():
        save_fact(a_fact(profile, question, value), by)
    return profile


def a_fact(
    profile: ProviderProfile, question: str, value: str, checked_on: date = date(2026, 3, 2), **fields: object
) -> ProfileFact:
    stated = {
        "checklist": "cnil-hosting",
        "source_title": "Conditions du service, article 4",
        "source_url": "https://example.org/conditions",
        "source_date": date(2026, 1, 15),
    }
    return ProfileFact(profile=profile, question=question, value=value, checked_on=checked_on, **{**stated, **fields})
