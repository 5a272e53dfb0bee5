"""The one JSON form of a document, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_bytes(document: Any) -> bytes:
    """The one JSON form of a document: sorted keys, no spaces, UTF-8. Equal documents give equal bytes."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(document: Any) -> str:
    """The SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()
