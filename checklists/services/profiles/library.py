"""The library of profiles as files: what ships, what is exported, what a signed library would change and changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from checklists.models import ProviderProfile, User
from checklists.packs.editions.writer import write_document
from checklists.packs.files.problems import PackError
from checklists.packs.profiles.checks import check_profile
from checklists.packs.profiles.reader import read_library, read_profile, shipped_profile, shipped_profiles
from checklists.packs.profiles.schema import LIBRARY_SCHEMA, Library, Profile
from checklists.services.profiles.load_profile import Preview, load_profile, preview, profile_document
from checklists.services.trail.record import record


@dataclass(frozen=True, slots=True)
class LibraryPreview:
    """What loading a signed library would do, profile by profile, and the public key that signed it."""

    library: Library
    signer: str
    previews: tuple[Preview, ...]

    @property
    def changes(self) -> tuple[Preview, ...]:
        return tuple(each for each in self.previews if each.is_new or each.differences)


def load_shipped_profiles() -> tuple[int, list[str]]:
    """Load the shipped profiles that are not kept yet.

    Returns how many were loaded, and the keys of those that are kept otherwise: these are left as they are.
    """
    loaded, differing = 0, []
    kept = set(ProviderProfile.objects.values_list("key", flat=True))
    for key in shipped_profiles():
        profile = read_profile(shipped_profile(key))
        if key not in kept:
            load_profile(profile, None, loaded_from=f"{key}.yaml")
            loaded += 1
        elif preview(profile).differences:
            differing.append(key)
    return loaded, differing


def export_profile(row: ProviderProfile) -> bytes:
    """The profile as a YAML file; loaded again, it changes nothing."""
    return write_document(profile_document(row))


def profile_of(row: ProviderProfile) -> Profile:
    """The profile as its file says it. Raises ``PackError`` when what is kept makes no whole file."""
    profile = Profile.model_validate(profile_document(row))
    if problems := check_profile(profile):
        raise PackError(problems)
    return profile


def library_of_all(publisher: str, dated: date) -> Library:
    """Every profile in use, as a library of ``publisher``. Raises ``PackError``, and ``ValueError`` without any."""
    rows = ProviderProfile.objects.filter(is_withdrawn=False, facts__isnull=False).distinct()
    profiles = [profile_of(row).to_document() for row in rows]
    if not profiles:
        raise ValueError("there is no profile to publish")
    document = {"schema": LIBRARY_SCHEMA, "dated": dated.isoformat(), "publisher": publisher, "profiles": profiles}
    return Library.model_validate(document)


def preview_library(raw: bytes) -> LibraryPreview:
    """What the signed library in ``raw`` would change; nothing is written. Raises ``PackError``."""
    library, signer = read_library(raw, settings.LIBRARY_KEYS)
    return LibraryPreview(library, signer, tuple(preview(profile) for profile in library.profiles))


@transaction.atomic
def load_library(told: LibraryPreview, by: User | None) -> int:
    """Load what differs; how many profiles changed. No assessment is touched, whatever the library says."""
    loaded_from = f"{told.library.publisher}, {told.library.dated}"[:250]
    changed = sum(load_profile(each.profile, by, loaded_from=loaded_from)[1] for each in told.changes)
    record(
        "library.loaded",
        organisation=None,
        subject_type="library",
        subject_id=told.library.dated,
        details={"label": told.library.publisher, "signed_by": told.signer, "profiles": changed},
    )
    return changed
