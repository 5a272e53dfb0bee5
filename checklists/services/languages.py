"""The languages of the site are those of the settings, and nowhere else."""

from __future__ import annotations

from django.conf import settings


def language_here(asked: str | None) -> str:
    """``asked`` when it is one of the site's languages, else the site's own."""
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def site_languages() -> list[str]:
    """The codes of the site's languages, its own first."""
    return [settings.LANGUAGE_CODE, *(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
