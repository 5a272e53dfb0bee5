"""From the bytes of a profile, or of a signed library of them, to what can be kept, or to everything wrong with it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection
from importlib import resources
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from pydantic import ValidationError

from checklists.core.editions.edition import canonical_bytes
from checklists.packs.files.problems import PackError, Problem, gettext_noop
from checklists.packs.files.safe_yaml import Lines, read_yaml
from checklists.packs.files.validation import shape_problems, with_line
from checklists.packs.profiles.checks import check_profile
from checklists.packs.profiles.schema import LIBRARY_SCHEMA, PROFILE_SCHEMA, Library, Profile

SHIPPED = resources.files("checklists.packs") / "data" / "profiles"
"""The folder of the profiles that ship with the product."""
MAX_LIBRARY = 8_000_000
"""Bytes of a library: thirty profiles take half a megabyte."""


def shipped_profiles() -> list[str]:
    """The keys of the profiles that ship, in order."""
    return sorted(item.name.removesuffix(".yaml") for item in SHIPPED.iterdir() if item.name.endswith(".yaml"))


def shipped_profile(key: str) -> bytes:
    """The bytes of the shipped profile named ``key``."""
    return (SHIPPED / f"{key}.yaml").read_bytes()


def is_profile(raw: bytes) -> bool:
    """Whether ``raw`` says it is a profile. Raises ``PackError`` when it is not readable YAML."""
    document = read_yaml(raw)[0]
    return isinstance(document, dict) and document.get("schema") == PROFILE_SCHEMA


def read_profile(raw: bytes) -> Profile:
    """The checked profile in ``raw``. Raises ``PackError`` with places, lines and remedies."""
    document, lines = read_yaml(raw)
    return _checked(document, lines)


def _checked(document: Any, lines: Lines, place: str = "") -> Profile:
    if not isinstance(document, dict) or document.get("schema") != PROFILE_SCHEMA:
        message = gettext_noop("this is not a file of schema %(schema)s", schema=PROFILE_SCHEMA)
        remedy = gettext_noop("Begin with 'schema: %(schema)s'.", schema=PROFILE_SCHEMA)
        raise PackError([Problem(place or "schema", message, remedy, 1)])
    try:
        profile = Profile.model_validate(document)
    except ValidationError as error:
        raise PackError(_under(place, shape_problems(document, error, lines))) from None
    if problems := check_profile(profile):
        raise PackError(_under(place, [with_line(document, lines, problem) for problem in problems]))
    return profile


def _under(place: str, problems: list[Problem]) -> list[Problem]:
    if not place:
        return problems
    return [Problem(f"{place}/{one.place}", one.message, one.remedy, one.line, one.is_warning) for one in problems]


def is_library(raw: bytes) -> bool:
    """Whether ``raw`` looks like a signed library: JSON with a library and a signature."""
    return raw.lstrip()[:1] == b"{" and b'"signature"' in raw


def sign_library(library: Library, private_key: bytes, password: bytes | None = None) -> bytes:
    """The file of ``library``, signed by an Ed25519 key in PEM. Raises ``ValueError`` for any other key."""
    key = load_pem_private_key(private_key, password)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("the key is not an Ed25519 key: make one with 'openssl genpkey -algorithm ed25519'")
    document = library.to_document()
    signature = {
        "algorithm": "ed25519",
        "public_key": base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode(),
        "value": base64.b64encode(key.sign(canonical_bytes(document))).decode(),
    }
    whole = {"library": document, "signature": signature}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def read_library(raw: bytes, trusted: Collection[str]) -> tuple[Library, str]:
    """The checked library in ``raw`` and the public key that signed it, one of ``trusted`` (base64).

    Raises ``PackError`` for a file that is no library, is signed by nobody trusted, was changed after it was signed,
    or holds a profile that makes no sense.
    """
    whole = _parsed(raw)
    signer = _signer(whole, trusted)
    document = whole["library"]
    if not isinstance(document, dict) or document.get("schema") != LIBRARY_SCHEMA:
        message = gettext_noop("this is not a file of schema %(schema)s", schema=LIBRARY_SCHEMA)
        raise PackError([Problem("library", message, gettext_noop("Ask its publisher for another file."))])
    profiles = document.get("profiles")
    problems: list[Problem] = []
    for index, item in enumerate(profiles if isinstance(profiles, list) else []):
        try:
            _checked(item, {}, f"profiles/{item.get('key', index) if isinstance(item, dict) else index}")
        except PackError as error:
            problems += error.problems
    if problems:
        raise PackError(problems)
    try:
        library = Library.model_validate(document)
    except ValidationError as error:
        raise PackError(shape_problems(document, error)) from None
    keys = [profile.key for profile in library.profiles]
    if len(set(keys)) < len(keys):
        message = gettext_noop("a profile is there twice")
        raise PackError([Problem("profiles", message, gettext_noop("Keep one of each key."))])
    return library, signer


def _parsed(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_LIBRARY:
        message = gettext_noop("the file has %(size)s bytes", size=len(raw))
        remedy = gettext_noop("A library has at most %(most)s bytes.", most=MAX_LIBRARY)
        raise PackError([Problem("library", message, remedy)])
    try:
        whole = json.loads(raw)
    except (ValueError, RecursionError):
        whole = None
    if not isinstance(whole, dict) or not {"library", "signature"} <= whole.keys():
        message = gettext_noop("this is no signed library of profiles")
        raise PackError([Problem("library", message, gettext_noop("Ask its publisher for another file."))])
    return whole


def _signer(whole: dict[str, Any], trusted: Collection[str]) -> str:
    signature = whole["signature"]
    ask = gettext_noop("Ask its publisher for another file, over a way you trust.")
    try:
        public, value = (base64.b64decode(signature[name], validate=True) for name in ("public_key", "value"))
        Ed25519PublicKey.from_public_bytes(public).verify(value, canonical_bytes(whole["library"]))
    except (InvalidSignature, KeyError, TypeError, ValueError, binascii.Error):
        message = gettext_noop("the signature does not fit the file: it was changed, or badly signed")
        raise PackError([Problem("signature", message, ask)]) from None
    signer = base64.b64encode(public).decode()
    if signer not in trusted:
        message = gettext_noop("it is signed by the key %(key)s, which this site does not trust", key=signer)
        remedy = gettext_noop("If you know whose key it is, add it to LIBRARY_KEYS and try again.")
        raise PackError([Problem("signature", message, remedy)])
    return signer
