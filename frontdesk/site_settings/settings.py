"""Django's settings. What an operator can change is read in environment.py."""

import os

from dotenv import dotenv_values

from site_settings import environment
from site_settings.quiet_log import quiet_logging

FOOTHOLD = environment.read(
    {**dotenv_values(environment.REPOSITORY / ".env", interpolate=False), **os.environ}
)

DEBUG = False
SECRET_KEY = FOOTHOLD.secret_key
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] + [
    f"[{host}]" if ":" in host else host for host in (FOOTHOLD.host, FOOTHOLD.public_host) if host
]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "conversations",
    "web",
]

# No sessions, no sign-in and so no cookies. Django's CSRF check guards against a browser that
# sends its cookie along by itself; here the only right to a conversation is the token, which
# another site does not know and which travels in the form or the request.
MIDDLEWARE = [
    "web.middleware.security_headers",
    "web.middleware.allowed_origins",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
]
APPEND_SLASH = False

ROOT_URLCONF = "site_settings.urls"
WSGI_APPLICATION = "site_settings.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["web.context.every_page"]},
    }
]

DATABASES = {"default": FOOTHOLD.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Served straight from the apps' folders, so that a fresh clone needs no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = quiet_logging()
