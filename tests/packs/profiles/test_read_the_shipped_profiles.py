"""The shipped profiles: read, complete in both languages, sourced, and round trips without loss."""

from __future__ import annotations

import re
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from checklists.core.editions.edition import Edition
from checklists.core.frameworks.framework import Framework
from checklists.packs.editions.writer import write_document
from checklists.packs.files.problems import PackError
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS, shipped_framework
from checklists.packs.frameworks.reader import read_framework
from checklists.packs.profiles.reader import (
    read_library,
    read_profile,
    shipped_profile,
    shipped_profiles,
    sign_library,
)
from checklists.packs.profiles.schema import Library, Profile

KEYS = shipped_profiles()


@pytest.fixture(scope="module")
def profiles() -> dict[str, Profile]:
    return {key: read_profile(shipped_profile(key)) for key in KEYS}


def test_twenty_seven_services_ship(profiles: dict[str, Profile]) -> None:
    assert len(profiles) == 27
    assert all(profile.key == key for key, profile in profiles.items())
    assert sum(len(profile.facts) for profile in profiles.values()) > 400
    assert sum(profile.chain is not None for profile in profiles.values()) == 24


@pytest.mark.parametrize("key", KEYS)
def test_a_profile_written_out_is_read_the_same(key: str, profiles: dict[str, Profile]) -> None:
    document = profiles[key].to_document()
    assert read_profile(write_document(document)).to_document() == document


@pytest.mark.parametrize("key", KEYS)
def test_sentences_are_short_and_set_as_french_is(key: str, profiles: dict[str, Profile]) -> None:
    for fact in profiles[key].facts:
        assert fact.text.keys() == {"fr", "en"}
        for text in fact.text.values():
            for sentence in re.split(r"(?<=[.!?]) +(?=[A-ZÀÉÈ])", text):
                words = [word for word in sentence.split() if re.search(r"\w", word)]
                assert len(words) <= 25, sentence
        assert not re.search(r" [;:!?%]|'", fact.text["fr"]), fact.text["fr"]


def test_facts_answer_questions_of_the_flagship_or_of_a_shipped_framework(
    flagship: Edition, profiles: dict[str, Profile]
) -> None:
    asked = dict(flagship.questions)
    for name in SHIPPED_FRAMEWORKS:
        document = read_framework(shipped_framework(name), flagship).to_document()
        asked |= Framework.from_document(document).questions
    unknown = {
        (key, fact.question)
        for key, profile in profiles.items()
        for fact in profile.facts
        if fact.value and fact.question not in asked
    }
    assert unknown == set()


BROKEN = [
    ("  - anssi-cat\n", "  - nowhere\n", "there is no source 'nowhere'"),
    ("valid_until: '2028-01-25'", "valid_until: '2028-02-31'", "no day of the calendar"),
    ("key: default", "key: other", "the first variant is not 'default'"),
    ("  value: secnumcloud\n", "  value: secnumcloud\n  variant: gone\n", "there is no variant 'gone'"),
    ("schema: porte-cles/profile/1", "schema: porte-cles/profile/2", "not a file of schema"),
    ("- question: ultimate_parent_country\n", "- question: contracting_entity_country\n", "answered twice"),
    ("kind: register", "kind: rumour", "kind"),
    ("provider: Oodrive\n", "provider: Oodrive\nsecret: 1\n", "secret"),
]


@pytest.mark.parametrize(("old", "new", "told"), BROKEN)
def test_a_broken_profile_is_refused_with_its_reason(old: str, new: str, told: str) -> None:
    raw = shipped_profile("oodrive").decode()
    assert old in raw
    with pytest.raises(PackError) as refused:
        read_profile(raw.replace(old, new, 1).encode())
    assert told in str(refused.value)


@pytest.fixture(scope="module")
def signing() -> tuple[bytes, str]:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, b64encode(public).decode()


def library(profiles: dict[str, Profile]) -> Library:
    document = {
        "schema": "porte-cles/library/1",
        "dated": "2026-11-30",
        "publisher": "Éditeur",
        "profiles": [profiles[key].to_document() for key in ("oodrive", "proton")],
    }
    return Library.model_validate(document)


def test_a_signed_library_is_read_by_those_who_trust_its_key(
    profiles: dict[str, Profile], signing: tuple[bytes, str]
) -> None:
    raw = sign_library(library(profiles), signing[0])
    read, signer = read_library(raw, [signing[1]])
    assert (read, signer) == (library(profiles), signing[1])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw.replace(b"Oodrive", b"Oodrlve", 1), "was changed"),
        (lambda raw: raw.replace(b'"dated": "2026-11-30"', b'"dated": "2027-11-30"'), "was changed"),
        (lambda raw: raw.replace(b'"value": "', b'"value": "!', 1), "was changed"),
        (lambda raw: b"{", "no signed library"),
        (lambda raw: b'{"library": 1, "signature": {}}', "was changed"),
        (lambda raw: b"[" * 100_000, "no signed library"),
    ],
)
def test_a_library_changed_after_it_was_signed_is_refused(
    profiles: dict[str, Profile], signing: tuple[bytes, str], change: object, told: str
) -> None:
    raw = sign_library(library(profiles), signing[0])
    with pytest.raises(PackError) as refused:
        read_library(change(raw), [signing[1]])  # type: ignore[operator]
    assert told in str(refused.value)


def test_a_library_signed_by_somebody_else_is_refused(profiles: dict[str, Profile], signing: tuple[bytes, str]) -> None:
    with pytest.raises(PackError, match="does not trust"):
        read_library(sign_library(library(profiles), signing[0]), [])
