"""A small OpenID Connect provider: ``python -m tests.openid_provider`` prints its address and serves until ended.

It knows one person and lets anybody in. ``POST /behave`` changes what it says, and how it misbehaves.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "porte-cles", "client secret"
KEY, FORGED = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _key in range(2))
ASKED: dict[str, dict[str, str]] = {}
"""By code: what the authorization request said."""
USUAL = {"sub": "42", "email": "agent@ministere.example", "given_name": "Zoé", "usual_name": "Durand"}
BEHAVIOUR: dict[str, Any] = {}


class Provider(BaseHTTPRequestHandler):
    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""

    def answer(self, content: Any, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def sign(self, claims: dict[str, Any]) -> str:
        if BEHAVIOUR.get("unsigned"):
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "1"})
        if BEHAVIOUR.get("symmetric"):
            return jwt.encode(claims, SECRET * 4, algorithm="HS256", headers={"kid": "1"})
        return jwt.encode(claims, FORGED if BEHAVIOUR.get("forged") else KEY, algorithm="RS256", headers={"kid": "1"})

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        sent = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/.well-known/openid-configuration":
            paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            paths |= {"jwks_uri": "jwks", "end_session_endpoint": "end"}
            if "discovery" in BEHAVIOUR:
                return self.answer(BEHAVIOUR["discovery"])
            document = {"issuer": self.issuer} | {name: f"{self.issuer}/{path}" for name, path in paths.items()}
            self.answer(document | BEHAVIOUR.get("found", {}))
        elif address.path == "/jwks":
            if "keys" in BEHAVIOUR:
                return self.answer(BEHAVIOUR["keys"])
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self.answer({"keys": [key | {"kid": "1", "use": "sig", "alg": "RS256"}]})
        elif address.path == "/authorize":
            code = secrets.token_urlsafe(16)
            ASKED[code] = sent
            back = {"error": "access_denied"} if BEHAVIOUR.get("denied") else {"code": code}
            location = f"{sent['redirect_uri']}?{urlencode(back | {'state': sent['state']})}"
            self.answer("", 302, "text/plain", Location=location)
        elif address.path == "/userinfo":
            if self.headers.get("Authorization") != "Bearer access":
                return self.answer({"error": "invalid_token"}, 401)
            if "told" in BEHAVIOUR:
                return self.answer(BEHAVIOUR["told"])
            person = USUAL | BEHAVIOUR.get("userinfo", {})
            if BEHAVIOUR.get("signed_userinfo"):
                return self.answer(self.sign(person | {"iss": self.issuer, "aud": CLIENT}), kind="application/jwt")
            self.answer(person)
        else:
            self.answer({}, 404)
        return None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/behave":
            BEHAVIOUR.clear()
            BEHAVIOUR.update(json.loads(body))
            return self.answer({})
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = ASKED.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or sent.get("client_secret") != SECRET or asked.get("code_challenge") != challenge:
            return self.answer({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "42", "nonce": asked.get("nonce", ""), "iat": now,
                  "exp": now + 60, "acr": asked.get("acr_values", "eidas1").split()[0]}  # fmt: skip
        claims |= BEHAVIOUR.get("claims", {})
        token = {"access_token": "access", "token_type": "Bearer", "id_token": self.sign(claims)}
        return self.answer(BEHAVIOUR["token"] if "token" in BEHAVIOUR else token | BEHAVIOUR.get("tokens", {}))


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
