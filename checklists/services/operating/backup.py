"""A copy of the whole instance in one file, made while it runs, and the instance brought back from it.

The file is a tar: ``manifest.json`` (what there is, its hashes, which keys are needed and are not in it),
``database.sqlite3`` whatever the server is, and ``evidence/<name>``. With recipients it is encrypted by age
(age-encryption.org/v1): who makes backups need not be able to read them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from checklists import __version__
from checklists.models import Evidence, PrintedReport, Report
from checklists.models.table_rules.keep import faults
from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.keep_evidence import check_files
from checklists.services.operating import copy_database
from checklists.services.operating.checks_kept import keep_check
from checklists.services.operating.key import fingerprint_of
from checklists.services.trail.verify_trail import heads, verify_trail

FORMAT = "porte-cles/backup/1"
AGE = b"age-encryption.org/v1"
COPY = "backup"
"""The alias under which the copied database is opened."""


class BackupRefused(ValueError):
    """The backup cannot be made or brought back; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: its file, its rows, its files of evidence, and the keys it needs and does not hold."""

    file: Path
    rows: int
    evidence: int
    keys: dict[str, str]


def keys_needed() -> dict[str, str]:
    """The keys without which a backup is not whole, and where this instance has each. Their values are never told."""
    key_file = settings.VAR_DIR / "secret_key"
    where = "SECRET_KEY of the environment"
    if key_file.exists() and key_file.read_text().strip() == settings.SECRET_KEY:
        where = str(key_file)
    found = {"secret key (second factors, sessions)": where}
    if settings.REPORT_SIGNING:
        signing = settings.REPORT_SIGNING
        found["signing key (reports)"] = signing["pkcs12"] or f"token {signing['token']}"
    if settings.EVIDENCE_S3_BUCKET:
        found["keys of the bucket"] = "EVIDENCE_S3_ACCESS_KEY, EVIDENCE_S3_SECRET_KEY"
    return found


def make_backup(file: Path, recipients: Sequence[str] = ()) -> Made:
    """Write a backup to ``file``, which must not exist; readable by its owner alone.

    ``recipients`` are public keys of age; with one or more the file is encrypted to them. Evidence is read before and
    after the database: a file that its copy speaks of is in the backup, whatever people do meanwhile. Raises
    ``BackupRefused``, ``copy_database.CopyRefused``, ``OSError``.
    """
    if file.exists():
        raise BackupRefused(f"{file} exists already: give another name.")
    readers = _recipients(recipients)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        plain = Path(folder) / "plain.tar"
        made = _write(plain, Path(folder))
        ready = plain
        if readers:
            ready = Path(folder) / "encrypted"
            with plain.open("rb") as source, ready.open("wb") as target:
                pyrage.encrypt_io(source, target, readers)
        ready.chmod(0o600)
        ready.rename(file)
    keep_check("backup", holds=True, rows=made.rows, encrypted=bool(readers))
    return Made(file, made.rows, made.evidence, made.keys)


def _recipients(given: Iterable[str]) -> list[Any]:
    try:
        return [pyrage.x25519.Recipient.from_str(recipient) for recipient in given]
    except pyrage.RecipientError as error:
        raise BackupRefused(f"A recipient is no public key of age (age1…): {error}") from None


def _write(plain: Path, folder: Path) -> Made:
    database = folder / "database.sqlite3"
    kept: dict[str, str] = {}
    with tarfile.open(plain, "w") as archive:
        for name in evidence_files.stored_names():
            _add_evidence(archive, name, kept)
        _copy_database_to(database)
        with attached(database):
            contents = copy_database.contents_of(COPY)
            named = Evidence.objects.using(COPY).exclude(stored_as="").values_list("stored_as", flat=True)
            for name in [name for name in named if name not in kept]:
                _add_evidence(archive, name, kept)
            ends = heads(COPY)
        archive.add(database, "database.sqlite3")
        keys = keys_needed()
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": _sha256(database),
            "tables": {table: asdict(held) for table, held in contents.items()},
            "heads": ends,
            "evidence": kept,
            "keys": keys,
            "secret_key": fingerprint_of(settings.SECRET_KEY),
        }
        _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
    return Made(plain, sum(held.rows for held in contents.values()), len(kept), keys)


def _copy_database_to(database: Path) -> None:
    """The database as it is at one moment, as a SQLite file, while people go on writing."""
    copy_database.require_this_version("default")
    if connection.vendor == "sqlite":
        # A connection of its own: it sees what is committed, and waits for nobody.
        source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(database)) as copy:
            source.backup(copy)
        return
    copy_database.migrate_at(f"sqlite:///{database}")
    with attached(database):
        copy_database.copy_rows("default", COPY)


@contextmanager
def attached(database: Path) -> Iterator[None]:
    """Within, the SQLite file ``database`` is open under the alias ``COPY``, in one file without a journal beside."""
    copy_database.attach(COPY, f"sqlite:///{database}")
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=DELETE; PRAGMA foreign_keys=ON;"}
    connections.databases[COPY]["OPTIONS"] = options
    try:
        yield
    finally:
        copy_database.detach(COPY)


def _add_evidence(archive: tarfile.TarFile, name: str, kept: dict[str, str]) -> None:
    """One that goes meanwhile is left out: its row is gone too, or its loss is told when the backup is verified."""
    try:
        contents = evidence_files.read(name)
    except FileNotFoundError:
        return
    _add(archive, f"evidence/{name}", contents)
    kept[name] = hashlib.sha256(contents).hexdigest()


def _add(archive: tarfile.TarFile, name: str, contents: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(contents), 0o600
    archive.addfile(entry, io.BytesIO(contents))


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Restored:
    """An instance brought back: when its backup was made, its rows, its files, and whether the key is the same."""

    made_at: str
    rows: int
    evidence: int
    has_same_key: bool
    faults: tuple[str, ...]


def restore_backup(file: Path, identities: Sequence[str] = (), *, verify: bool = True) -> Restored:
    """Bring back into this instance, which must be empty, what ``file`` holds; an earlier version's is migrated.

    ``identities`` are secret keys of age, for an encrypted file. ``verify``: the trail, the triggers, the reports and
    the files of evidence are checked too; ``faults`` has what does not hold. Raises ``BackupRefused``,
    ``copy_database.CopyRefused``, ``OSError``.
    """
    with tempfile.TemporaryDirectory(prefix="restore-") as folder, _opened(file, identities, Path(folder)) as archive:
        manifest = _manifest(archive)
        database = Path(folder) / "database.sqlite3"
        database.write_bytes(_member(archive, "database.sqlite3"))
        if _sha256(database) != manifest["database"]:
            raise BackupRefused("The database in this backup is not what its manifest says: the file was damaged.")
        call_command("migrate", verbosity=0, interactive=False)
        copy_database.require_empty("default")
        copy_database.migrate_at(f"sqlite:///{database}")
        with attached(database):
            copy_database.require_this_version(COPY)
            expected = copy_database.contents_of(COPY)
            copy_database.copy_rows(COPY, "default")
        for name, sha256 in manifest["evidence"].items():
            contents = _member(archive, f"evidence/{evidence_files.name_of_ours(name)}")
            if hashlib.sha256(contents).hexdigest() != sha256:
                raise BackupRefused(f"The file of evidence {name} in this backup is damaged.")
            evidence_files.put_back(name, contents)
    found = list(copy_database.differences(expected, copy_database.contents_of("default")))
    if verify:
        found += instance_faults([(int(chain), int(end), str(sha)) for chain, end, sha in manifest["heads"]])
    keep_check("restore", holds=not found, made_at=manifest["made_at"])
    rows = sum(held.rows for held in expected.values())
    same = manifest["secret_key"] == fingerprint_of(settings.SECRET_KEY)
    return Restored(manifest["made_at"], rows, len(manifest["evidence"]), same, tuple(found))


def instance_faults(kept_heads: Iterable[tuple[int, int, str]] = ()) -> list[str]:
    """Where the trail, the triggers, the stored reports or the files of evidence do not hold, in words."""
    found = [f"trail, chain {each.chain}, entry {each.position}: {each.fault}" for each in verify_trail(kept_heads)]
    found += [str(fault) for fault in faults(connection)]
    for report in Report.objects.only("code", "content", "content_sha256").iterator(chunk_size=20):
        if hashlib.sha256(bytes(report.content)).hexdigest() != report.content_sha256:
            found.append(f"report {report.code}: its contents are not what its hash says")
    for printed in PrintedReport.objects.iterator(chunk_size=5):
        if hashlib.sha256(bytes(printed.pdf)).hexdigest() != printed.pdf_sha256:
            found.append(f"report {printed.pk}: its file is not what its hash says")
    files = check_files()
    found += [f"evidence {each.pk}: its file is missing" for each in files.missing]
    found += [f"evidence {each.pk}: its file was changed" for each in files.changed]
    return found


@contextmanager
def _opened(file: Path, identities: Sequence[str], folder: Path) -> Iterator[tarfile.TarFile]:
    plain = file
    with file.open("rb") as opened:
        is_encrypted = opened.read(len(AGE)) == AGE
    if is_encrypted:
        if not identities:
            raise BackupRefused("This backup is encrypted: give the secret key of age by --identity FILE.")
        plain = folder / "plain.tar"
        try:
            readers = [pyrage.x25519.Identity.from_str(identity) for identity in identities]
            with file.open("rb") as source, os.fdopen(os.open(plain, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
                pyrage.decrypt_io(source, target, readers)
        except (pyrage.IdentityError, pyrage.DecryptError) as error:
            raise BackupRefused(f"This backup cannot be decrypted by the key given: {error}") from None
    try:
        with tarfile.open(plain, "r:") as archive:
            yield archive
    except tarfile.TarError as error:
        raise BackupRefused(f"{file} is no backup of this product, or was cut short: {error}") from None


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(_member(archive, "manifest.json"))
        known = manifest["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        raise BackupRefused("This file has no manifest that can be read: it is no backup of this product.") from None
    if not known:
        raise BackupRefused(f"This backup is of the form {manifest['format']}; this version reads {FORMAT}.")
    return manifest


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        opened = archive.extractfile(name)
    except KeyError:
        opened = None
    if opened is None:
        raise BackupRefused(f"{name} is not in this backup: it was cut short, or is no backup of this product.")
    return opened.read()
