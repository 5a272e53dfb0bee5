"""How often one address may ask for something that costs."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

NOWHERE = "0.0.0.0"  # noqa: S104 - what stands for an address that cannot be read, not one to listen at


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: behind a proxy (``BEHIND_PROXY``) the one that the proxy saw.

    What the client itself wrote before it in ``X-Forwarded-For`` counts for nothing.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        seen = [part for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
        if len(seen) >= settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            told = seen[-settings.ALLAUTH_TRUSTED_PROXY_COUNT].strip()
    host = told[1:].partition("]")[0] if told.startswith("[") else told
    host = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return NOWHERE


def network_of(request: HttpRequest) -> str:
    """The same, but the network of an IPv6 address: one person has all the addresses of theirs."""
    address = client_address(request)
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address) if ":" in address else address


def is_too_often(request: HttpRequest | None, act: str, most: int, seconds: int) -> bool:
    """Whether this address (without a request: anybody) did ``act`` more than ``most`` times in ``seconds`` or so.

    Counted in each process's own memory: a brake on guessing and flooding, not an exact quota.
    """
    key = f"limit:{act}:{network_of(request) if request else 'all'}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # The window ended between the two calls.
        return False
