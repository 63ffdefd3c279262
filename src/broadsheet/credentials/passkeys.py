"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right. py_webauthn does the cryptography.

A passkey is the whole of a sign-in here, so the device must have seen that it is its owner (a PIN, a finger), and it
must keep the key so that no name need be typed. `site` is the origin that the browser shows ("https://example.org"):
a key made for one host is worthless at another, which is what shuts phishing out.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from broadsheet.errors import Refused

LONGEST = 64_000  # characters of an answer; the longest attestations are a tenth of it
UNFIT = "This passkey does not fit. Try again, or sign in another way."
PATIENCE = 300_000  # milliseconds that a browser waits for the person


@dataclass(frozen=True, slots=True)
class Credential:
    """A passkey as it is kept: its name for itself and its public key, in base64url, and its own counter of uses."""

    identity: str
    key: str
    uses: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """A browser's answer to `asked`: which passkey it says to hold. Nothing is proved before `verified`."""

    identity: str
    answer: str


def creation(site: str, challenge: str, *, title: str, person: int, name: str, shown: str, known: Sequence[str]) -> str:
    """The options of `navigator.credentials.create`, as JSON. `known` are the person's other passkeys."""
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415 - loads cryptography
    from webauthn.helpers.structs import (  # noqa: PLC0415
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=_host(site),
        rp_name=title,
        user_id=str(person).encode(),
        user_name=name,
        user_display_name=shown or name,
        challenge=_bytes(challenge),
        timeout=PATIENCE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=_bytes(one)) for one in known],
    )
    return options_to_json(options)


def created(answer: str, *, site: str, challenge: str) -> Credential:
    """The passkey that a browser made. Raises Refused where its answer does not fit what was asked."""
    from webauthn import verify_registration_response  # noqa: PLC0415 - loads cryptography

    try:
        found = verify_registration_response(
            credential=_read(answer),
            expected_challenge=_bytes(challenge),
            expected_rp_id=_host(site),
            expected_origin=site,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - foreign readers of what anybody may send: whatever they raise, it is no passkey
        raise Refused("This passkey could not be added: the device's answer does not fit. Try again.") from None
    return Credential(_text(found.credential_id), _text(found.credential_public_key), found.sign_count)


def request(site: str, challenge: str) -> str:
    """The options of `navigator.credentials.get`, as JSON: for whichever passkey of this site the person has."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415 - loads cryptography
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=_host(site),
        challenge=_bytes(challenge),
        timeout=PATIENCE,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def said(answer: str) -> Assertion:
    """Which passkey a browser says to hold. Raises Refused for what is no answer."""
    identity = _read(answer).get("id")
    if not isinstance(identity, str) or not identity or len(identity) > 2_000:
        raise Refused("The device's answer cannot be read. Try again.")
    return Assertion(identity, answer)


def verified(assertion: Assertion, known: Credential, *, site: str, challenge: str) -> Credential:
    """The passkey after this use, where its signature is right and fits what was asked. Raises Refused."""
    from webauthn import verify_authentication_response  # noqa: PLC0415 - loads cryptography

    try:
        found = verify_authentication_response(
            credential=_read(assertion.answer),
            expected_challenge=_bytes(challenge),
            expected_rp_id=_host(site),
            expected_origin=site,
            credential_public_key=_bytes(known.key),
            credential_current_sign_count=known.uses,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - as above
        raise Refused(UNFIT) from None
    return Credential(known.identity, known.key, found.new_sign_count)


def _read(answer: str) -> dict[str, object]:
    try:
        said = json.loads(answer) if len(answer) <= LONGEST else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused("The device's answer cannot be read. Try again.")
    return said


def _host(site: str) -> str:
    return urlsplit(site).hostname or ""


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return b""


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")
