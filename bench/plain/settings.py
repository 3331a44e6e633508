"""The typical API's settings: the product's database and keys, and for the rest what a new project has."""

import os

from fundmgr.settings import *  # noqa: F403  # a bench differs in a few names only
from fundmgr.settings import DATABASES as PRODUCT_DATABASES
from fundmgr.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "bench.plain"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
# A new project connects for each call; who tunes it first of all keeps the connection.
KEPT_SECONDS = int(os.environ.get("BENCH_CONNECTION_KEPT_SECONDS", "0"))
DATABASES = {"default": {**PRODUCT_DATABASES["default"], "CONN_MAX_AGE": KEPT_SECONDS}}
ROOT_URLCONF = "bench.plain.urls"
WSGI_APPLICATION = "bench.plain.wsgi.application"
