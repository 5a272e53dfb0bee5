"""Logs as one JSON object a line, with the request's number, and without what tells of a person.

E-mail and network addresses are replaced, addresses of pages are given as their patterns, the text of an exception is
left out: it may hold what somebody wrote.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The number of the request being served; empty outside of one."""

_PERSONAL = (
    (re.compile(r"[^\s<>\"'=:,;(]+@[^\s<>\"',;)]+"), "(e-mail)"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "(address)"),
    (re.compile(r"\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}\b", re.IGNORECASE), "(address)"),
)


def without_persons(text: str) -> str:
    """``text`` with e-mail and network addresses replaced."""
    for found, stands in _PERSONAL:
        text = found.sub(stands, text)
    return text


def route_of(request: HttpRequest) -> str:
    """The pattern of the page asked for, never its address, which may hold a secret; empty for no page of ours."""
    match = request.resolver_match
    return "/" + match.route if match else ""


class JsonFormatter(logging.Formatter):
    """``time`` (UTC), ``level``, ``logger``, ``message``; ``request_id``, the fields and the error where there are."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        if number := request_id.get():
            line["request_id"] = number
        line |= getattr(record, "fields", {})
        if record.exc_info and (error := record.exc_info[1]) is not None:
            frames = traceback.extract_tb(error.__traceback__)
            line["error"] = type(error).__name__
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        return json.dumps(line, ensure_ascii=False)

    def _message(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):  # Django names the address asked for, tokens included.
            return f"{getattr(record, 'status_code', '')} {request.method} {route_of(request)}".strip()
        return without_persons(record.getMessage())
