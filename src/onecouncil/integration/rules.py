# SPDX-License-Identifier: MIT
"""The law of webhooks: how they are signed, when they are tried again, which addresses may be called. No framework.

Signing and the schedule follow Standard Webhooks (https://www.standardwebhooks.com).
"""

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300
OVERLAP = timedelta(hours=24)
"""How long a rotated secret goes on signing beside the new one."""

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""The waits between tries: ten tries over three days."""

DISABLE_AFTER = timedelta(days=5)
"""An endpoint that has answered nothing well for so long is switched off."""

_PATTERN = re.compile(r"^(\*|[a-z][a-z_]*\.(\*|[a-z][a-z_]*))$")


def secret_of(house_key: str, salt: str) -> str:
    """The signing secret that belongs to a salt: 256 bits that nobody can work out without the house's key."""
    raw = hmac.new(house_key.encode(), f"onecouncil.webhook.v1:{salt}".encode(), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(raw).decode()


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One `v1,…` signature."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def headers(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; with two secrets two signatures, so that a receiver may change over when it likes."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(secret, message_id, timestamp, body) for secret in secrets),
    }


def is_genuine(secret: str, given: Mapping[str, str], body: bytes, moment: int) -> bool:
    """What a receiver does: is one of the signatures ours, and is the message fresh?"""
    timestamp = given.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(moment - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    wanted = sign(secret, given.get("webhook-id", ""), int(timestamp), body)
    found = given.get("webhook-signature", "").split()
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in found)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when there were enough."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def wants(patterns: Sequence[str], event_type: str) -> bool:
    return any(fnmatchcase(event_type, pattern) for pattern in patterns)


def check_patterns(patterns: Sequence[str]) -> str:
    """A message when these are no patterns of event types, else ""."""
    if not patterns:
        return "Enter the events to send, for example case.* or payment.succeeded"
    if len(patterns) > 20:
        return "Enter no more than 20 kinds of events"
    wrong = next((one for one in patterns if not _PATTERN.match(one)), None)
    return f"“{wrong[:40]}” must look like case.opened, case.* or *" if wrong is not None else ""


def check_url(url: str, *, demo: bool) -> str:
    """A message when this cannot be an endpoint's address, else "". What it resolves to is asked when we connect."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "Enter a web address, like https://example.org/webhooks"
    if parts.scheme not in ("https", "http") or not host or any(c.isspace() or ord(c) < 32 for c in url):
        return "Enter a web address, like https://example.org/webhooks"
    if len(url) > 500:
        return "The web address must be 500 characters or fewer"
    if parts.username or parts.password or parts.fragment:
        return "The web address must not hold a user name, a password or a #"
    if parts.scheme == "http" and not (demo and _is_loopback_name(host)):
        return "The web address must start with https://"
    return _check_literal(host, demo=demo)


def may_call(address: str, *, demo: bool) -> bool:
    """Whether a connection to this IP address is allowed: public ones, and in the demo this machine's own."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return may_call(str(inner), demo=demo)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return may_call(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)), demo=demo)
    if ip.is_loopback:
        return demo
    return ip.is_global and not ip.is_multicast


def _is_loopback_name(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_literal(host: str, *, demo: bool) -> str:
    try:
        allowed = may_call(host, demo=demo)
    except ValueError:
        allowed = host != "localhost" or demo
    return "" if allowed else "The web address must be one on the public internet, not inside a private network"
