"""What proves who somebody is: secrets, passwords, passkeys. Knows nothing of people or storage.

    keys       secrets of 256 bits, and what is kept of them
    passwords  argon2id, at most two at a time
    passkeys   WebAuthn: what is asked of a browser, and whether its answer is right

Nothing in here says a secret in a message, a `repr` or a log.
"""

from broadsheet.credentials import passkeys
from broadsheet.credentials.keys import TOKEN, hashed, new_secret, same
from broadsheet.credentials.passkeys import Assertion, Credential
from broadsheet.credentials.passwords import Passwords

__all__ = ["TOKEN", "Assertion", "Credential", "Passwords", "hashed", "new_secret", "passkeys", "same"]
