"""Ask a virus scanner about a file: clamd's INSTREAM command, over a local or a network socket."""

from __future__ import annotations

import socket
import struct
from contextlib import closing

from django.conf import settings

CHUNK = 64 * 1024
PATIENCE = 30
"""Seconds to wait for the scanner at each step."""
MAX_REPLY = 4096


class ScannerUnreachable(RuntimeError):
    """The scanner did not answer, or not in a way that can be understood."""


class VirusFound(ValueError):
    """The scanner names something in the file; ``name`` is what it calls it."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def scan_file(contents: bytes) -> bool:
    """Whether ``contents`` was scanned: ``False`` when no scanner is configured. Raises ``VirusFound``, or
    ``ScannerUnreachable`` when one is and it does not say that the file is clean.

    ``CLAMD_ADDRESS`` is ``unix:/run/clamav/clamd.ctl`` or ``tcp:host:port``. The dialogue is that of clamd(8):
    zINSTREAM, then chunks each after its length (4 bytes, network order), then a length of zero.
    """
    if not settings.CLAMD_ADDRESS:
        return False
    try:
        with closing(_connected(settings.CLAMD_ADDRESS)) as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(contents), CHUNK):
                chunk = contents[start : start + CHUNK]
                link.sendall(struct.pack("!L", len(chunk)) + chunk)
            link.sendall(struct.pack("!L", 0))
            reply = _reply(link)
    except (OSError, ValueError) as error:
        raise ScannerUnreachable(str(error)) from error
    if reply == "stream: OK":
        return True
    if reply.startswith("stream: ") and reply.endswith(" FOUND"):
        raise VirusFound(reply.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerUnreachable(reply or "no reply")


def _connected(address: str) -> socket.socket:
    family, _colon, place = address.partition(":")
    if family == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(PATIENCE)
        link.connect(place)
        return link
    host, _colon, port = place.rpartition(":")
    if family != "tcp" or not port.isdecimal():
        raise ValueError(f"CLAMD_ADDRESS is 'unix:PATH' or 'tcp:HOST:PORT', not {address!r}")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def _reply(link: socket.socket) -> str:
    reply = b""
    while len(reply) < MAX_REPLY and (more := link.recv(MAX_REPLY)):
        reply += more
        if reply.endswith(b"\0"):
            break
    return reply.rstrip(b"\0\n").decode("utf-8", "replace")
