"""The reference that the intake is held against: Django and DRF as they come, with the same tables."""

from config.bench import bare_settings
from config.settings import *  # noqa: F403  (a settings file is a list of names)
from config.settings import DATABASES

ROOT_URLCONF = "config.bench.plain"
MIDDLEWARE = bare_settings.MIDDLEWARE
REST_FRAMEWORK = {}
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}  # Django's defaults
