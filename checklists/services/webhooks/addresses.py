"""Which addresses messages may be sent to: https, and only machines that anybody on the internet can reach.

A webhook must not become a way to ask the machines beside this one for something (server-side request forgery): a
name is resolved once, each of its addresses must be public, and the message goes to the address that was looked at.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(ValueError):
    """Nothing may be sent there; ``reason`` is 'form', 'https', 'unknown' (no such name) or 'private'."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: ``address`` is what ``host`` was resolved to, ``path`` what is asked of it."""

    host: str
    port: int
    path: str
    address: str


def target_of(url: str) -> Target:
    """Where ``url`` leads at this moment. Raises ``AddressRefused``."""
    host, port, path = _parts(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused("unknown") from error
    addresses = [str(each[4][0]) for each in found]
    if not addresses:
        raise AddressRefused("unknown")
    if not all(is_public(address) for address in addresses):
        raise AddressRefused("private")
    return Target(host, port, path, addresses[0])


def is_public(address: str) -> bool:
    """Whether anybody on the internet can reach ``address``; one that carries an IPv4 address is judged by it."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        carried = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in _NAT64:
            carried.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if any(each is not None and not is_public(str(each)) for each in carried):
            return False
        if found.ipv4_mapped is not None:
            return True
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _parts(url: str) -> tuple[str, int, str]:
    if len(url) > 500 or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise AddressRefused("form")
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise AddressRefused("form") from error
    if parts.scheme != "https":
        raise AddressRefused("https")
    if not parts.hostname or parts.username or parts.password or parts.fragment or not url.isascii():
        raise AddressRefused("form")
    query = f"?{parts.query}" if parts.query else ""
    return parts.hostname, port, (parts.path or "/") + query
