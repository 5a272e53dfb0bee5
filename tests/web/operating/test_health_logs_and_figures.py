"""What machines ask: does it live, is it ready, its figures; and logs that tell of requests and of nobody."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings as compliance
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from checklists import __version__
from checklists.models import Offer, User
from checklists.services.operating import parts
from checklists.services.operating.checks_kept import keep_check
from checklists.services.operating.key import keep_key
from checklists.web.operating.logs import JsonFormatter

ADDRESSES = ("/health", "/health/live", "/health/ready", "/health/live/", "/metrics")


@pytest.mark.parametrize("address", ADDRESSES[:4])
def test_any_name_gets_json_and_no_redirect(client: Client, settings, db: None, address: str) -> None:
    settings.ALLOWED_HOSTS = ["porte-cles.hopital.example"]
    settings.SECURE_SSL_REDIRECT = settings.APPEND_SLASH = True
    response = client.get(address, headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    assert response.json()["version"] == __version__
    assert client.post(address).status_code == 405


def test_ready_says_which_part_is_not(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(client.get("/health/ready").json()["parts"].values()) == {"ok"}

    def broken() -> str:
        raise ConnectionError("postgres://site:a-password@db/porte")

    monkeypatch.setitem(parts.PARTS, "database", broken)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "fails: ConnectionError"
    assert "a-password" not in response.content.decode()
    assert client.get("/health/live").status_code == 200


def test_a_node_with_another_key_is_not_ready(client: Client, settings, db: None) -> None:
    keep_key()
    assert client.get("/health/ready").status_code == 200
    kept, settings.SECRET_KEY = settings.SECRET_KEY, "another key, that no other node has"
    assert client.get("/health/ready").json()["parts"]["secret_key"] == "is not the key of the other nodes"
    settings.SECRET_KEY_FALLBACKS = [kept]
    assert client.get("/health/ready").status_code == 200


def test_evidence_that_cannot_be_kept_is_told(client: Client, settings, db: None, tmp_path: Path) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "a file"
    settings.EVIDENCE_ROOT.write_text("not a folder")
    assert client.get("/health/ready").json()["parts"]["evidence"].startswith("fails")


@pytest.mark.parametrize("address", ["/", "/account/login/", "/nowhere"])
def test_a_wrong_host_is_told_so(client: Client, settings, address: str) -> None:
    settings.ALLOWED_HOSTS = ["porte-cles.hopital.example"]
    response = client.get(address, headers={"host": "<b>evil</b>.example", "accept-language": "en"})
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert "ALLOWED_HOSTS" in response.content.decode()
    assert "evil" in response.content.decode()


def test_figures_are_for_who_shows_the_token(client: Client, settings, example: Offer) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token of forty characters at random"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
    client.get(f"/offers/{example.pk}/result/")
    keep_check("trail", holds=True)
    shown = {"authorization": f"Bearer {settings.METRICS_TOKEN}"}
    text = client.get("/metrics", headers=shown).content.decode()
    assert f'porte_cles_info{{version="{__version__}"}} 1.0' in text
    assert 'porte_cles_queue_waiting{queue="reports"} 0.0' in text
    assert 'porte_cles_check_holds{check="trail"} 1.0' in text
    assert "porte_cles_standings_stale 1.0" in text
    assert 'porte_cles_request_seconds_count{method="GET",route="/offers/<uuid:offer_id>/result/",status="3xx"}' in text
    assert str(example.pk) not in text


def test_each_request_is_numbered_and_logged_without_its_person(
    desk: Client, settings, example: Offer, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BEHIND_PROXY = True
    with caplog.at_level(logging.INFO):
        response = desk.get(f"/offers/{example.pk}/result/?q=secret", headers={"x-request-id": "from-the-proxy-1"})
        desk.get("/invitations/a-secret-token/")
    assert response["X-Request-ID"] == "from-the-proxy-1"
    lines = [JsonFormatter().format(record) for record in caplog.records]
    served = json.loads(next(line for line in lines if '"served"' in line))
    assert served["route"] == "/offers/<uuid:offer_id>/result/"
    assert served["status"] == 200
    for line in lines:
        for secret in (str(example.pk), "secret", "dpo@hopital.example"):
            assert secret not in line
    settings.BEHIND_PROXY = False
    assert desk.get("/", headers={"x-request-id": "from-the-proxy-1"})["X-Request-ID"] != "from-the-proxy-1"


def test_an_error_is_logged_without_its_text() -> None:
    try:
        raise ValueError("dpo@hopital.example wrote this")
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, __file__, 1, "mail to %s from %s", ("dpo@hopital.example", "10.1.2.3"), sys.exc_info()
        )
    line = json.loads(JsonFormatter().format(record))
    assert line["message"] == "mail to (e-mail) from (address)"
    assert line["error"] == "ValueError"
    assert "wrote this" not in json.dumps(line)
    assert line["time"].startswith(str(timezone.now().year))


def test_the_version_is_told_once() -> None:
    project = tomllib.loads(Path(compliance.BASE_DIR, "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__


def test_checkinstall_says_what_holds_and_what_does_not(settings, db: None, capsys) -> None:
    settings.SECRET_KEY = "k3y" * 20 + "abcdef"
    settings.STATIC_ROOT = Path(settings.EVIDENCE_ROOT)
    with pytest.raises(CommandError, match="1 parts"):
        call_command("checkinstall")
    told = capsys.readouterr().out
    assert "fault   static files  They are not collected" in told
    assert "ok      evidence" in told
    assert "warning mail" in told
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    listing = settings.STATIC_ROOT / "staticfiles.json"
    listing.write_text("{}")
    call_command("checkinstall", "--keep-key")
    assert "ok      key" in capsys.readouterr().out
    listing.unlink()


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"SITE_URL": "https://other.example", "IS_HTTPS": True, "ALLOWED_HOSTS": ["porte.example"]}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "https://porte.example", "IS_HTTPS": True, "ALLOWED_HOSTS": [".example"]}, "BEHIND_PROXY"),
        ({"SITE_URL": "http://porte.example", "ALLOWED_HOSTS": ["*"]}, "TLS"),
    ],
)
def test_checkinstall_sees_what_does_not_agree(settings, db: None, changed, part, capsys) -> None:
    settings.SECRET_KEY = "k3y" * 20 + "abcdef"
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(CommandError):
        call_command("checkinstall")
    assert part in next(line for line in capsys.readouterr().out.splitlines() if "proxy" in line)


def _settings(tmp_path: Path, **given: str) -> subprocess.CompletedProcess[str]:
    asked = "from compliance import settings as s; print(s.SECRET_KEY, s.DATABASES['default']['NAME'])"
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **given}
    command = [sys.executable, "-c", asked]
    return subprocess.run(
        command, cwd=compliance.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def test_secrets_lie_in_files_and_several_nodes_must_share(tmp_path: Path) -> None:
    key, address = tmp_path / "key", tmp_path / "address"
    key.write_text("a key of every node\n")
    address.write_text("postgres://site:word@db/porte\n")
    several = {"SEVERAL_NODES": "True", "CACHE_URL": "rediscache://cache:6379/1", "DATABASE_URL_FILE": str(address)}
    assert _settings(tmp_path, **several, SECRET_KEY_FILE=str(key)).stdout == "a key of every node porte\n"
    assert "SECRET_KEY" in _settings(tmp_path, **several).stderr
    assert not (tmp_path / "secret_key").exists()
    missing = _settings(tmp_path, SECRET_KEY_FILE=str(tmp_path / "nowhere")).stderr
    assert "ImproperlyConfigured: SECRET_KEY_FILE names" in missing
    del several["CACHE_URL"]
    assert "CACHE_URL" in _settings(tmp_path, **several, SECRET_KEY_FILE=str(key)).stderr


def test_the_documented_cache_can_be_imported(settings) -> None:
    from django.core.cache import caches

    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://none/1"}
    }
    assert caches["default"]._cache.get_client().connection_pool is not None


def test_superusers_read_the_state_in_the_administration(client: Client, db: None) -> None:
    chief = User.objects.create_superuser("chef@hopital.example", "a long pass phrase")
    client.force_login(chief)
    client.cookies["django_language"] = "en"
    page = client.get("/admin/state/").content.decode()
    assert "State of this site" in page
    assert "Every table keeps its rules." in page
    assert 'href="/admin/state/"' in client.get("/admin/").content.decode()
    User.objects.filter(pk=chief.pk).update(is_superuser=False)
    assert client.get("/admin/state/").status_code == 403
    assert Client().get("/admin/state/").status_code == 302
