"""The machine is lost, and the instance comes back: rows, trail, reports, evidence; also on another kind of server."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from checklists.models import Offer, TrailEntry, User
from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.keep_evidence import Details, add_evidence
from checklists.services.evidence.receive_file import Received
from checklists.services.operating import backup as backing_up
from checklists.services.operating.backup import BackupRefused, make_backup, restore_backup
from checklists.services.operating.checks_kept import last_checks
from checklists.services.trail.verify_trail import heads
from tests.postgres import postgres

FIND = """
import json
from checklists.models import *
from checklists.services.operating.copy_database import contents_of
from checklists.services.operating.backup import instance_faults
held = contents_of("default")
print(json.dumps({"rows": {t: [c.rows, c.sha256] for t, c in held.items()}, "faults": instance_faults()}))
"""


def run(folder: Path, address: str, *arguments: str, code: int = 0) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {"DJANGO_SETTINGS_MODULE": "compliance.settings", "VAR_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    environment |= {"DATABASE_URL": address} if address else {}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout + done.stderr


@pytest.fixture
def evidence(
    transactional_db: None, example: Offer, officer: User, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A file of evidence in a folder of this test's own; its name there. The copy may be opened beside the database."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    details = Details(kind="contract", strength="document", title="Clause 12")
    received = Received(name="clause.txt", media_type="text/plain", contents=b"The provider never holds the keys.")
    where = {"assessment": example.assessment, "offer": example, "question": "key_custody"}
    kept = add_evidence(**where, details=details, received=received, by=officer)
    with monkeypatch.context() as patched:
        patched.setattr("django.test.testcases.connections", {"default": connection})
        yield kept.stored_as


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance as ``firstrun`` leaves it, in SQLite: editions, frameworks, profiles, a login, the worked example."""
    folder = tmp_path_factory.mktemp("lived-in")
    run(folder, "", "firstrun", "--email", "chef@hopital.example")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_restore_drill(lived_in: Path, tmp_path: Path) -> None:
    """Backup, loss of the machine, restore on another one, verified; a second restore over it is refused."""
    before = run(lived_in, "", "shell", "--no-imports", "-c", FIND)
    assert '"faults": []' in before
    file = tmp_path / "copy.backup"
    told = run(lived_in, "", "backup", str(file))
    assert f"secret key (second factors, sessions): {lived_in / 'secret_key'}" in told
    assert file.stat().st_mode & 0o777 == 0o600
    elsewhere = tmp_path / "elsewhere"
    told = run(elsewhere, "", "restore", str(file), "--verify")
    assert "Trail, triggers, reports and evidence hold." in told
    assert "SECRET_KEY is another one" in told
    after = run(elsewhere, "", "shell", "--no-imports", "-c", FIND)
    unlike = _unlike(before, after)
    assert unlike <= {"checklists_trailentry", "checklists_trailchain"}, "the restore adds one entry of its own"
    assert '"faults": []' in after
    assert "is in use already" in run(elsewhere, "", "restore", str(file), code=1)


def _unlike(one: str, other: str) -> set[str]:
    first, second = (json.loads(text.splitlines()[-1])["rows"] for text in (one, other))
    return {table for table in first.keys() | second.keys() if first.get(table) != second.get(table)}


def test_moved_to_postgresql_and_back_by_a_backup(lived_in: Path, tmp_path: Path) -> None:
    with postgres() as address:
        told = run(lived_in, "", "moveto", address)
        assert "rows  checklists_answer  the same" in told
        assert "The trail holds there" in told
        found = [run(lived_in, where, "shell", "--no-imports", "-c", FIND) for where in ("", address)]
        assert _unlike(*found) == set()
        assert '"faults": []' in found[1]
        assert "is in use already" in run(lived_in, "", "moveto", address, code=1)
        # A new row there takes the next number, not one that is taken.
        ask = "from checklists.models import *; Organisation.objects.create(name='New'); print('made')"
        assert "made" in run(lived_in, address, "shell", "--no-imports", "-c", ask)
        run(lived_in, address, "backup", str(tmp_path / "copy.backup"))
        told = run(tmp_path / "elsewhere", "", "restore", str(tmp_path / "copy.backup"), "--verify")
        assert "Trail, triggers, reports and evidence hold." in told


def test_a_backup_has_the_evidence_and_names_the_keys_it_lacks(evidence: str, tmp_path: Path) -> None:
    made = make_backup(tmp_path / "copy.backup")
    assert made.evidence == 1
    assert made.keys == {"secret key (second factors, sessions)": "SECRET_KEY of the environment"}
    with tarfile.open(made.file) as archive:
        assert archive.extractfile(f"evidence/{evidence}").read() == b"The provider never holds the keys."
        manifest = archive.extractfile("manifest.json").read().decode()
    assert settings.SECRET_KEY not in manifest
    assert [check.name for check in last_checks()] == ["backup"]
    with pytest.raises(BackupRefused, match="exists already"):
        make_backup(made.file)


def test_an_encrypted_backup_opens_with_its_key_alone(evidence: str, tmp_path: Path) -> None:
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    file = make_backup(tmp_path / "copy.backup", [str(mine.to_public())]).file
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    assert evidence.encode() not in file.read_bytes()
    with pytest.raises(BackupRefused, match="--identity"):
        restore_backup(file)
    with pytest.raises(BackupRefused, match="cannot be decrypted"):
        restore_backup(file, [str(other)])
    with backing_up._opened(file, [str(mine)], tmp_path) as archive:
        assert backing_up._manifest(archive)["evidence"].keys() == {evidence}
    with pytest.raises(BackupRefused, match="no public key"):
        make_backup(tmp_path / "other.backup", ["age1nothing"])


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        (lambda raw: b"not a backup at all", "no backup"),
        (lambda raw: raw[: len(raw) // 2], "cut short"),
        (lambda raw: raw.replace(b"porte-cles/backup/1", b"porte-cles/backup/9"), "backup/9"),
        (lambda raw: raw.replace(b"CREATE TABLE", b"CREATE_TABLE", 1), "damaged"),
    ],
)
def test_a_spoiled_backup_is_refused_in_words(evidence: str, tmp_path: Path, spoiled, told: str) -> None:
    file = make_backup(tmp_path / "copy.backup").file
    wrong = tmp_path / "wrong.backup"
    wrong.write_bytes(spoiled(file.read_bytes()))
    with pytest.raises(CommandError, match=told):
        call_command("restore", str(wrong))


def test_nothing_is_written_outside_by_a_hostile_archive(tmp_path: Path, db: None) -> None:
    file = tmp_path / "hostile.backup"
    with tarfile.open(file, "w") as archive:
        entry = tarfile.TarInfo("../outside")
        archive.addfile(entry, io.BytesIO())
    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", str(file))
    assert not (tmp_path.parent / "outside").exists()


def test_a_fault_of_each_kind_is_told(evidence: str, officer: User) -> None:
    assert backing_up.instance_faults(heads()) == []
    evidence_files.path_of(evidence).write_bytes(b"other")
    assert "its file was changed" in backing_up.instance_faults()[0]
    evidence_files.discard(evidence)
    assert "its file is missing" in backing_up.instance_faults()[0]
    rewritten = [(chain, length, "0" * 64) for chain, length, _sha256 in heads()]
    assert "rewritten" in " ".join(backing_up.instance_faults(rewritten))


def test_every_step_of_the_night_is_done_whatever_becomes_of_another(
    evidence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "backups"
    call_command("nightly", "--heads", str(tmp_path / "heads.json"), "--backup", str(folder), "--keep", "1")
    assert len(list(folder.iterdir())) == 1
    assert (tmp_path / "heads.json").exists()
    assert {check.name: check.holds for check in last_checks()} == {"trail": True, "nightly": True, "backup": True}

    def broken(*args: object) -> None:
        raise OSError("the mail server is gone")

    monkeypatch.setattr("checklists.management.commands.sendreminders.remind_of_evidence", broken)
    with pytest.raises(CommandError, match="sendreminders"):
        call_command("nightly")
    assert "sendreminders failed: the mail server is gone" in capsys.readouterr().err
    assert {check.name: check.holds for check in last_checks()}["nightly"] is False
    assert TrailEntry.objects.filter(kind="check.trail").count() == 2
