# SPDX-License-Identifier: MIT
"""References people can read out on the phone: no look-alike letters, one check character, not guessable in a row.

Alphabet and check character follow the idea of Crockford's Base 32 (no I, L, O, U; no Z). The check is a weighted sum
modulo 31 (a prime, the size of our alphabet), which catches every single wrong character and every swap of neighbours.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_BODY = 7


def new_reference(prefix: str) -> str:
    """A new reference such as `LM-7KQ4-29XR`: 7 random characters (35 bits) and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_BODY))
    return _shape(prefix, body + _check(body))


def normalise(text: str) -> str | None:
    """What a person typed (`lm 7kq4-29xr`, O for 0) → the reference, or None when the check character disagrees."""
    tidy = "".join(text.upper().split()).replace("-", "")
    prefix, tail = tidy[: -(_BODY + 1)], tidy[-(_BODY + 1) :].translate(_LOOK_ALIKES)
    if not prefix.isalpha() or len(tail) != _BODY + 1 or any(c not in ALPHABET for c in tail):
        return None
    if _check(tail[:-1]) != tail[-1]:
        return None
    return _shape(prefix, tail)


def new_token() -> str:
    """An unguessable token for a link (192 bits)."""
    return secrets.token_urlsafe(24)


def _check(body: str) -> str:
    total = sum((place + 2) * ALPHABET.index(char) for place, char in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def _shape(prefix: str, tail: str) -> str:
    return f"{prefix}-{tail[:4]}-{tail[4:]}"
