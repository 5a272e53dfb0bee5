"""The product's settings, with what tests need otherwise: quick hashing, plain static files, mail in memory."""

import tempfile
from pathlib import Path

from compliance.settings import *  # noqa: F403
from compliance.settings import DATABASES

SECRET_KEY = "only-for-tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECURITY_CONTACT = "mailto:securite@hopital.example"
# No thread of its own writes between two tests.
NOTICE_MAIL_AT_ONCE = False
ALLOWED_HOSTS = ["*"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: the live server's threads must see what the test wrote.
    DATABASES["default"]["TEST"] = {"NAME": Path(tempfile.mkdtemp()) / "test.sqlite3"}
EVIDENCE_ROOT = Path(tempfile.mkdtemp()) / "evidence"
