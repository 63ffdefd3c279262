"""A passkey device in software: makes keys and signs as browsers do (WebAuthn level 2), or wrongly when told to."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Authenticator:
    """One device with one key. `origin` is the site that its browser shows."""

    origin: str
    flags: int = PRESENT | VERIFIED
    uses: int = 0
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        """The answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        known = bytes(16) + len(self.identity).to_bytes(2, "big") + self.identity + cbor2.dumps(cose)
        data = self._data(asked["rp"]["id"], ATTESTED) + known
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {"clientDataJSON": text(self._client("webauthn.create", asked)), "attestationObject": text(attestation)}
        return self._answer(said)

    def get(self, options: str) -> str:
        """The answer to `navigator.credentials.get`."""
        asked = json.loads(options)
        self.uses += 1
        client, data = self._client("webauthn.get", asked), self._data(asked["rpId"], 0)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature)}
        return self._answer(said)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _data(self, site: str, flags: int) -> bytes:
        # A browser lets no page ask for the keys of another host: the hash is of the host that it shows.
        host = urlsplit(self.origin).hostname or site
        return sha256(host.encode()).digest() + bytes([self.flags | flags]) + self.uses.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        name = text(self.identity)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def altered(answer: str, part: str, at: int = -1) -> str:
    """The answer with one bit of a part of it turned over."""
    said = json.loads(answer)
    data = bytearray(urlsafe_b64decode(said["response"][part] + "=="))
    data[at] ^= 1
    said["response"][part] = text(bytes(data))
    return json.dumps(said)
