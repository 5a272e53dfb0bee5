"""Whether an installation holds together: each part tried for real, each finding in one sentence with its remedy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.utils.translation import gettext as _
from django_tasks import task

from checklists.models.table_rules.keep import faults
from checklists.services.evidence import files as evidence_files
from checklists.services.operating import parts

OK, WARNING, FAULT = "ok", "warning", "fault"
CLOCK_TOLERANCE = timedelta(seconds=5)
"""How far this machine's clock may be from the database's: codes of authenticator applications last thirty seconds."""
WORKER_SECONDS = 15
"""How long the worker has to do a task that only says that it was done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``level`` is 'ok', 'warning' or 'fault'; ``told`` says what was found and, where needed, what to do."""

    part: str
    level: str
    told: str


@task()
def say_it_was_done() -> int:
    """A task that does nothing: whoever does it works."""
    return 1


def check_install(parts_asked: Iterable[str] = ()) -> Iterator[Finding]:
    """A finding for each part asked for, all of them by default. The mail server and the worker may take a while."""
    for name in parts_asked or CHECKS:
        try:
            found = CHECKS[name]()
        except Exception as error:
            found = Finding(name, FAULT, _("It fails: %(error)s.") % {"error": type(error).__name__})
        yield found


def database() -> Finding:
    parts.database()
    waiting = parts.migrations()
    if waiting != parts.OK:
        return Finding("database", FAULT, _("The database is of another version: run manage.py migrate."))
    if parts.is_one_machine():
        told = _("SQLite: one machine alone may serve. PostgreSQL is for more (manage.py moveto).")
        return Finding("database", OK, told)
    return Finding("database", OK, _("It answers and is of this version."))


def tables() -> Finding:
    if found := faults(connection):
        told = _("%(count)s triggers do not stand as declared: run manage.py checktables --mend.")
        return Finding("tables", FAULT, told % {"count": len(found)})
    return Finding("tables", OK, _("Every table keeps its rules."))


def clock() -> Finding:
    """This machine's clock against the database's, where that is another machine; and against good sense."""
    now = datetime.now(UTC)
    if connection.vendor != "postgresql":
        return Finding("clock", OK, _("One machine, one clock: %(now)s UTC.") % {"now": now.strftime("%Y-%m-%d %H:%M")})
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        away = abs(cursor.fetchone()[0] - datetime.now(UTC))
    seconds = {"seconds": round(away.total_seconds(), 1)}
    if away > CLOCK_TOLERANCE:
        told = _("The clock is %(seconds)s seconds away from the database’s: set both by NTP.")
        return Finding("clock", FAULT, told % seconds)
    return Finding("clock", OK, _("It agrees with the database’s within %(seconds)s seconds.") % seconds)


def secret_key() -> Finding:
    if parts.secret_key() != parts.OK:
        told = _("It is not the key of the other nodes. Give every node the same one, or keep this one by --keep-key.")
        return Finding("key", FAULT, told)
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        return Finding("key", FAULT, _("It is too short: 50 characters at random at least."))
    return Finding("key", OK, _("It is long enough, and that of every node."))


def shared_cache() -> Finding:
    if (state := parts.cache_()) != parts.OK:
        return Finding("cache", FAULT, state)
    if not parts.is_cache_shared():
        told = _("Each process counts attempts for itself: set CACHE_URL when more than one process serves.")
        return Finding("cache", WARNING, told)
    return Finding("cache", OK, _("Every process shares it."))


def evidence() -> Finding:
    """Writes a file, reads it again and removes it."""
    sent = b"manage.py checkinstall"
    name = evidence_files.store(sent)
    try:
        kept = evidence_files.read(name) == sent
    finally:
        evidence_files.discard(name)
    if not kept:
        return Finding("evidence", FAULT, _("Files do not come back as they were sent."))
    return Finding("evidence", OK, _("A file was written, read back and removed."))


def static_files() -> Finding:
    if not Path(settings.STATIC_ROOT, "staticfiles.json").exists() and not settings.DEBUG:
        return Finding("static files", FAULT, _("They are not collected: run manage.py collectstatic."))
    return Finding("static files", OK, _("They are collected."))


def mail() -> Finding:
    if not settings.SENDS_MAIL:
        told = _("No mail server: invitations, resets and reminders reach nobody. Set EMAIL_URL.")
        return Finding("mail", WARNING, told)
    mailer = get_connection(timeout=settings.EMAIL_TIMEOUT)
    mailer.open()
    mailer.close()
    return Finding("mail", OK, _("The mail server answers and knows who calls."))


def worker() -> Finding:
    """Gives it a task, and waits until it is done."""
    if not settings.BACKGROUND_WORKER:
        told = _("Threads of the site work in the background. With several machines set BACKGROUND_WORKER.")
        return Finding("worker", OK, told)
    given = say_it_was_done.enqueue()
    end = time.monotonic() + WORKER_SECONDS
    while not given.is_finished and time.monotonic() < end:
        time.sleep(0.5)
        given.refresh()
    if not given.is_finished:
        told = _("No worker did a task within %(seconds)s seconds: keep manage.py db_worker running.")
        return Finding("worker", FAULT, told % {"seconds": WORKER_SECONDS})
    return Finding("worker", OK, _("A worker did a task."))


def proxy() -> Finding:
    """What the address, the names served and the proxy say must agree."""
    name = urlsplit(settings.SITE_URL).hostname or ""
    hosts = settings.ALLOWED_HOSTS
    if not any(host in ("*", name) or (host.startswith(".") and f".{name}".endswith(host)) for host in hosts):
        return Finding(
            "proxy", FAULT, _("ALLOWED_HOSTS does not name %(name)s, the host of SITE_URL.") % {"name": name}
        )
    if settings.IS_HTTPS and not settings.BEHIND_PROXY:
        told = _("SITE_URL is https and BEHIND_PROXY is not set: every page redirects to itself for ever.")
        return Finding("proxy", FAULT, told)
    if not settings.IS_HTTPS and name not in ("127.0.0.1", "localhost", "::1"):
        return Finding(
            "proxy", FAULT, _("SITE_URL is http: passwords would travel unencrypted. Put a proxy with TLS in front.")
        )
    if settings.DEBUG:
        return Finding("proxy", FAULT, _("DEBUG is on: errors show settings to everybody."))
    return Finding("proxy", OK, _("The address, the names served and the proxy agree."))


CHECKS: dict[str, Callable[[], Finding]] = {
    "database": database,
    "tables": tables,
    "clock": clock,
    "key": secret_key,
    "cache": shared_cache,
    "evidence": evidence,
    "static files": static_files,
    "mail": mail,
    "worker": worker,
    "proxy": proxy,
}
