"""The reference that memory is held against: what `startproject` makes, with REST framework and one view."""

import environ

SECRET_KEY = "bench"  # noqa: S105  (nobody signs in)
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_URL = "/static/"
ROOT_URLCONF = "config.bench.bare"
DATABASES = {"default": environ.Env().db_url("DATABASE_URL")}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
