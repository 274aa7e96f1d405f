"""Appointment numbers, tokens and name keys."""

import hashlib
import hmac
import secrets
import string
import unicodedata

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
TOKEN_LENGTH = 22  # 131 bits; letters and digits only: phones cut a link before a "-" at its end


def new_token() -> str:
    """A secret for an address: 22 random letters and digits."""
    return "".join(secrets.choice(BASE62) for _ in range(TOKEN_LENGTH))


def token_from(secret: bytes) -> str:
    """A token worked out from a secret of at least 16 random bytes, instead of drawn."""
    number = int.from_bytes(hashlib.sha256(secret).digest())
    letters = []
    for _ in range(TOKEN_LENGTH):
        number, rest = divmod(number, len(BASE62))
        letters.append(BASE62[rest])
    return "".join(letters)


def token_hash(token: str) -> str:
    """What is stored of a token. Plain SHA-256 suffices: 128 random bits can not be guessed from their hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(secret_key: str, purpose: str, text: str) -> str:
    """A hash that tells nobody without the key what was hashed (network and e-mail addresses are few)."""
    return hmac.new(secret_key.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def appointment_number(prefix: str) -> str:
    """A number to be read out on the phone, like ``KIM-4827-1936``: random, so that it tells nothing about others."""
    digits = f"{secrets.randbelow(10**8):08d}"
    return f"{prefix}-{digits[:4]}-{digits[4:]}"


def name_key(name: str) -> str:
    """A name as it is compared: case, accents' encoding and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
