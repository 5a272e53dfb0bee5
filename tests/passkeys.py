"""A passkey of software: what a security key's chip does, in a few lines, so that tests may lie as one does.

WebAuthn level 2: §6.1 (authenticator data), §6.5.4 (attestation, here 'none'), §5.8.1 (client data).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One credential. ``site`` is the name it was made for; ``verified``: its holder showed a finger or a code."""

    site: str = "testserver"
    origin: str = "http://testserver"
    verified: bool = True
    counter: int = 0
    handle: str = ""
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """What a browser sends after ``navigator.credentials.create``."""
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        attested = bytes(16) + len(self.number).to_bytes(2, "big") + self.number
        attested += cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        response = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", asked["challenge"])),
            "attestationObject": websafe_encode(cbor.encode(statement)),
        }
        return self._sent(response) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def sign_in(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """What a browser sends after ``navigator.credentials.get``; ``lies`` replace parts of the response."""
        self.counter += 1
        client, data = self._client("webauthn.get", options["publicKey"]["challenge"]), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self.handle,
        }
        return self._sent(response | lies) | {"clientExtensionResults": {}}

    def _sent(self, response: dict[str, Any]) -> dict[str, Any]:
        named = {"id": websafe_encode(self.number), "rawId": websafe_encode(self.number), "type": "public-key"}
        return named | {"response": response, "authenticatorAttachment": "platform"}

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, more: int) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verified else 0)
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")
