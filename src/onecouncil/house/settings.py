# SPDX-License-Identifier: MIT
"""Settings, all from the environment with embedded defaults: `./onecouncil up` needs none. See docs/settings.md."""

import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from onecouncil.house.database import database_from_url
from onecouncil.house.secrets import secret_key

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"ONECOUNCIL_{name}", default)


def flag(name: str, default: bool) -> bool:
    return env(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


TESTING = "pytest" in sys.modules
_DATA = Path(tempfile.gettempdir()) / f"onecouncil-test-{os.getpid()}" if TESTING else ROOT / "var"
DATA_DIR = Path(env("DATA", str(_DATA))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEMO = flag("DEMO", True)
DEBUG = False
SECRET_KEY = env("SECRET_KEY") or secret_key(DATA_DIR)
SITE_URL = env("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [host for host in env("HOSTS").split(",") if host] or [SITE_HOST, "localhost", "127.0.0.1", "[::1]"]
if TESTING:
    ALLOWED_HOSTS.append("testserver")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

BOROUGH_FILE = env("BOROUGH") or str(
    DATA_DIR / "borough.toml" if (DATA_DIR / "borough.toml").exists() else PACKAGE / "demo" / "borough.toml"
)
CATALOGUE_DIR = env("CATALOGUE") or str(PACKAGE / "services" / "catalogue")

ROOMS = [
    "onecouncil.core",
    "onecouncil.website",
    "onecouncil.accounts",
    "onecouncil.services",
    "onecouncil.payments",
    "onecouncil.casework",
    "onecouncil.integration",
    "onecouncil.data",
    "onecouncil.customers",
    "onecouncil.demo",
    "onecouncil.house",
]
ROOMS = [room for room in ROOMS if (PACKAGE / room.split(".")[1] / "apps.py").exists()]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *ROOMS,
]
MIDDLEWARE = [
    "onecouncil.house.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "onecouncil.house.guards.readable_input",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "onecouncil.accounts.middleware.actor",
    "onecouncil.accounts.middleware.second_factor_for_staff",
    "onecouncil.house.middleware.problems",
]
ROOT_URLCONF = "onecouncil.house.urls"
WSGI_APPLICATION = "onecouncil.house.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / room.split(".")[1] / "templates" for room in ROOMS],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "onecouncil.house.jinja.pages", "context_processors": _CONTEXT},
    },
    {
        "NAME": "text",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / room.split(".")[1] / "templates" for room in ROOMS],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "onecouncil.house.jinja.text", "autoescape": False},
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [*_CONTEXT, "django.contrib.auth.context_processors.auth"]},
    },
]

DATABASES = {"default": database_from_url(env("DATABASE_URL"), DATA_DIR, durable=not TESTING)}
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")} if not env("DATABASE_URL") else {}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "onecouncil_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "onecouncil.house.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY", False) else None
TRUSTED_PROXIES = int(env("TRUSTED_PROXIES", "1" if flag("BEHIND_PROXY", False) else "0"))
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_MAX_AGE = 600
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": env("FILE_STORAGE", "django.core.files.storage.FileSystemStorage"), "OPTIONS": {}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/account/"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
EMAIL_BACKEND = "onecouncil.core.messaging.django_backend.MessageBackend"
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", f"no-reply@{SITE_HOST}")
MESSAGES_PROVIDER = env("MESSAGES", "kept")
EMAIL_HOST, EMAIL_PORT = env("SMTP_HOST", "localhost"), int(env("SMTP_PORT", "25"))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env("SMTP_USER"), env("SMTP_PASSWORD")
EMAIL_USE_TLS = flag("SMTP_TLS", False)
NOTIFY_API_KEY, NOTIFY_BASE_URL = env("NOTIFY_KEY"), env("NOTIFY_URL")
NOTIFY_EMAIL_TEMPLATE, NOTIFY_SMS_TEMPLATE = env("NOTIFY_EMAIL_TEMPLATE"), env("NOTIFY_SMS_TEMPLATE")
OS_PLACES_KEY = env("OS_PLACES_KEY")
OS_PLACES_URL = env("OS_PLACES_URL", "https://api.os.uk")

PAY_PROVIDER = env("PAY_PROVIDER", "demo")
PAY_URL = env("PAY_URL", "http://localhost:8001").rstrip("/")
PAY_PUBLIC_URL = env("PAY_PUBLIC_URL", PAY_URL).rstrip("/")
PAY_KEY = env("PAY_KEY", "stand-in-key")
PAY_WEBHOOK_SECRET = env("PAY_WEBHOOK_SECRET", "stand-in-secret")
OIDC_ORIGIN = "://".join(urlsplit(env("OIDC_ISSUER"))[:2]) if env("OIDC_ISSUER") else ""
CSP_FORM_ACTION = [origin for origin in (PAY_PUBLIC_URL, OIDC_ORIGIN, *env("FORM_ACTION").split(",")) if origin]

FEED_DIR = DATA_DIR / "feed"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private": {"()": "onecouncil.house.logs.KeepPrivate"}},
    "formatters": {"line": {"()": "onecouncil.house.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["private"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
}

from onecouncil.accounts.settings import *  # noqa: E402,F403 - allauth's own settings live with the room
