"""Settings, all from the environment, safe by default. See docs/operating.md for what each variable does."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

import bootstrap_wrapper
import fontpkg_atkinson_hyperlegible
import fontpkg_ibm_plex_serif
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from compliance.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
Environment.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
"""Where the instance keeps what is its own: database, secret key, collected static files. Never in the repository."""
os.umask(0o077)
VAR_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
for _kept, _mode in ((VAR_DIR, 0o700), *((file, 0o600) for file in VAR_DIR.glob("*.sqlite3*"))):
    # What an earlier version left open to other accounts of the machine is closed to them.
    with contextlib.suppress(PermissionError, FileNotFoundError):
        if _kept.stat().st_mode & 0o077 and _kept.stat().st_uid == os.getuid():
            _kept.chmod(_mode)


def _secret_key() -> str:
    """``SECRET_KEY``, or one made at the first start and kept in ``VAR_DIR`` with owner-only access."""
    if key := env.str("SECRET_KEY", default="").strip():
        return str(key)
    if SEVERAL_NODES:
        raise ImproperlyConfigured("SEVERAL_NODES asks for SECRET_KEY or SECRET_KEY_FILE: the same on every machine.")
    path = VAR_DIR / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


DEBUG = env.bool("DEBUG", default=False)
SEVERAL_NODES = env.bool("SEVERAL_NODES", default=False)
"""Whether several machines serve this instance. What they must share is then required, not made here."""
SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
"""Former keys, still read: sessions and second factors made with them hold."""
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=True)
FIRST_VERDICT = env.bool("FIRST_VERDICT", default=True)
"""Whether anybody may have a first verdict without an account."""
PUBLISHING_TAKES_TWO = env.bool("PUBLISHING_TAKES_TWO", default=False)
"""Whether who wrote in a draft is kept from publishing it."""

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_countries",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "checklists",
]

MIDDLEWARE = [
    "checklists.web.operating.middleware.OutermostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "checklists.web.site.faults.PrivateMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "checklists.web.site.body_limits.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "checklists.web.site.acting.ActingMiddleware",
    "checklists.api.problems.ProblemsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "checklists.web.people.second_factor.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "checklists.web.site.faults.FaultsMiddleware",
]

ROOT_URLCONF = "compliance.urls"
WSGI_APPLICATION = "compliance.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "checklists.web.site.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "checklists.services.day_format",
                "checklists.web.help.explain",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'porte-cles.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a writer waits for its turn at BEGIN instead of failing half way (database is locked).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "checklists.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# CNIL deliberation 2022-100, case 2 (a password, and access restricted after failures): at least 50 bits. 14
# characters of one alphabet are 14 x log2(26) = 65 bits; digits alone are refused. ``ACCOUNT_RATE_LIMITS`` is the
# restriction; decision 0056 has the reasons.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "checklists.web.people.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
SENDS_MAIL = EMAIL_CONFIG["EMAIL_BACKEND"].endswith(".smtp.EmailBackend")
"""Whether e-mails leave this machine. Where they do, an address is verified before its account opens anything."""
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="mandatory" if SENDS_MAIL else "optional")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "signup": "checklists.web.people.account_forms.QuietSignupForm",
    "add_email": "checklists.web.people.account_forms.SecondAddressForm",
    "reset_password": "checklists.web.people.account_forms.OwnResetForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    # For one account from one address: five failures, then five minutes; in a day no more than 25.
    "login_failed": "30/m/ip,5/5m/key,25/d/key",
    # For one account, from whichever addresses: five strangers a day cannot lock its owner out.
    "login_failed_anywhere": "150/d/key",
    "reset_password": "10/m/ip,3/h/key",
    "signup": "10/m/ip",
}
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
"""Where attempts are counted: with more than one process, a cache they share."""
if SEVERAL_NODES and "locmem" in CACHES["default"]["BACKEND"]:
    raise ImproperlyConfigured("SEVERAL_NODES asks for CACHE_URL: a Redis or Valkey that every machine reaches.")
if SEVERAL_NODES and "sqlite3" in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("SEVERAL_NODES asks for DATABASE_URL: a PostgreSQL that every machine reaches.")

REQUIRE_MFA_FOR_OWNERS = env.bool("REQUIRE_MFA_FOR_OWNERS", default=False)
"""Whether an owner of an organisation may do nothing before adding a second factor."""
MFA_ADAPTER = "checklists.web.people.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "checklists.web.people.second_factor.FirstCodeForm",
    "authenticate": "checklists.web.people.second_factor.CodeForm",
    "reauthenticate": "checklists.web.people.second_factor.CodeAgainForm",
    "add_webauthn": "checklists.web.people.second_factor.AddKeyForm",
    "edit_webauthn": "checklists.web.people.second_factor.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Porte-clés"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https://")
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "assessments"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

OIDC_ACR_VALUES = env.list("OIDC_ACR_VALUES", default=[])
"""The levels of authentication asked of the provider and required in its answer; empty for whichever it has."""
OIDC_SIGNUP = env.bool("OIDC_SIGNUP", default=True)
"""Whether a person the provider knows, and this instance does not, gets an account."""
SOCIALACCOUNT_ADAPTER = "checklists.web.people.openid.SocialAccountAdapter"
_oidc = env.str("OIDC_SERVER", default="")
_oidc_app = {
    "provider_id": env.str("OIDC_ID", default="sso"),
    "name": env.str("OIDC_NAME", default="OpenID Connect"),
    "client_id": env.str("OIDC_CLIENT_ID", default=""),
    "secret": env.str("OIDC_CLIENT_SECRET", default=""),
    "settings": {
        "server_url": _oidc,
        "scope": env.str("OIDC_SCOPES", default="openid email profile").split(),
        "auth_params": {"acr_values": " ".join(OIDC_ACR_VALUES)} if OIDC_ACR_VALUES else {},
        "oauth_pkce_enabled": env.bool("OIDC_PKCE", default=True),
        "verified_email": env.bool("OIDC_EMAIL_VERIFIED", default=False),
        "email_authentication": env.bool("OIDC_EMAIL_AUTHENTICATION", default=False),
    },
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "checklists.web.people.openid.OpenIDProvider",
        "APPS": [_oidc_app] if _oidc else [],
    }
}
# A form's answer may lead to the provider: browsers hold redirects to form-action too.
OIDC_ORIGINS = env.list("OIDC_ORIGINS", default=["/".join(_oidc.split("/")[:3])] if _oidc else [])

SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=12 * 3600)
SESSION_SAVE_EVERY_REQUEST = False
IS_HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS and env.bool("HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = IS_HTTPS and env.bool("HSTS_PRELOAD", default=False)
# Being put on the browsers' own list binds a whole domain for months: its owner's to decide, not a check's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing of the device is ever asked for, but the passkeys that sign in.
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    feature: list[str]()
    for feature in (
        "accelerometer", "ambient-light-sensor", "autoplay", "bluetooth", "camera", "display-capture",
        "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
        "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
        "web-share", "xr-spatial-tracking",
    )
} | dict.fromkeys(("publickey-credentials-create", "publickey-credentials-get"), "self")  # fmt: skip
CSRF_FAILURE_VIEW = "checklists.web.site.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # Bootstrap draws its ticks and arrows with data: images in its stylesheet.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
LARGEST_BODY = 10_500_000
"""Bytes of the largest sending of pages that look at it by themselves."""
LARGEST_KEPT_FORM = 250_000
"""Bytes of a form that is kept for somebody who has to sign in again."""

EVIDENCE_ROOT = VAR_DIR / "evidence"
"""Where files of evidence are kept: nothing there is served but by a view that asks who reads."""
EVIDENCE_S3_BUCKET = env.str("EVIDENCE_S3_BUCKET", default="")
"""The bucket of an S3 store that keeps them instead of this disk; empty for the disk."""
EVIDENCE_S3_PREFIX = env.str("EVIDENCE_S3_PREFIX", default="evidence/")
EVIDENCE_S3_ENDPOINT = env.str("EVIDENCE_S3_ENDPOINT", default="")
EVIDENCE_S3_REGION = env.str("EVIDENCE_S3_REGION", default="")
EVIDENCE_S3_ACCESS_KEY = env.str("EVIDENCE_S3_ACCESS_KEY", default="")
EVIDENCE_S3_SECRET_KEY = env.str("EVIDENCE_S3_SECRET_KEY", default="")
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=10 * 1024 * 1024)
EVIDENCE_QUOTA_BYTES = env.int("EVIDENCE_QUOTA_BYTES", default=200 * 1024 * 1024)
"""Bytes of one file, and of all the files of one assessment."""
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
"""The virus scanner: 'unix:/run/clamav/clamd.ctl' or 'tcp:host:3310'; empty for none."""
CLAMD_REQUIRED = env.bool("CLAMD_REQUIRED", default=True)
"""Whether a file is refused while the scanner does not answer, or kept and marked as not scanned."""

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["compliance.formats"]
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")
USE_TZ = True

REPORT_SIGNING = {
    "pkcs12": env.str("SIGNING_PKCS12", default=""),
    "passphrase": env.str("SIGNING_PASSPHRASE", default=""),
    "module": env.str("SIGNING_PKCS11_MODULE", default=""),
    "token": env.str("SIGNING_PKCS11_TOKEN", default=""),
    "pin": env.str("SIGNING_PKCS11_PIN", default=""),
    "label": env.str("SIGNING_PKCS11_LABEL", default=""),
    "timestamp_url": env.str("TIMESTAMP_URL", default=""),
}
"""The key that signs reports (see reports.signing.SigningKey); empty for unsigned reports."""
if not (REPORT_SIGNING["pkcs12"] or REPORT_SIGNING["module"]):
    REPORT_SIGNING = {}
BACKGROUND_WORKER = env.bool("BACKGROUND_WORKER", default=env.bool("REPORT_WORKER", default=False))
"""Whether ``manage.py db_worker`` does the work in the background, instead of threads of the site: reports, impacts of
drafts, e-mails of notices. ``REPORT_WORKER`` is its earlier name."""
LIBRARY_KEYS = env.list("LIBRARY_KEYS", default=[])
"""The public keys, Ed25519 in base64, of those whose libraries of profiles may be loaded here. None unless named."""
REPORT_SECONDS = env.int("REPORT_SECONDS", default=120)
"""The computing time after which a report that is being set in pages is given up, and its reader told why."""
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [
    ("vendor/bootstrap", bootstrap_wrapper.get_bootstrap_css_dir()),
    ("vendor/atkinson-hyperlegible", fontpkg_atkinson_hyperlegible.ROOT / "files"),
    ("vendor/ibm-plex-serif", fontpkg_ibm_plex_serif.ROOT / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_TIMEOUT = 20
"""Seconds a mail server may stay silent."""
NOTICE_MAIL_AT_ONCE = env.bool("NOTICE_MAIL_AT_ONCE", default=True)
"""Whether e-mails of notices leave as soon as something happens, or only when ``sendreminders`` runs."""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Porte-clés <porte-cles@localhost>")

SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
"""Where weaknesses are told: an address beginning by mailto: or https:, for security.txt; empty for no such file."""
WEBHOOKS = env.bool("WEBHOOKS", default=False)
"""Whether owners may have other programs told what happens: requests that leave this machine. Off unless asked for."""
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
"""What must be shown to read ``/metrics``; empty for no such page."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "checklists.web.operating.logs.JsonFormatter"},
        "text": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="text" if DEBUG else "json"),
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
# WeasyPrint and fontTools tell every font they subset; only their warnings are worth an operator's time.
for _name in ("fontTools", "weasyprint.progress", "pikepdf"):
    LOGGING.setdefault("loggers", {})[_name] = {"level": "WARNING"}  # type: ignore[index]
# A certificate that no authority vouches for is a finding here, said in words; pyHanko prints a traceback for it.
LOGGING["loggers"].update({"pyhanko": {"level": "CRITICAL"}, "pyhanko_certvalidator": {"level": "CRITICAL"}})  # type: ignore[attr-defined]
