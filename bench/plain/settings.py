"""The product's settings with the typical API in place of ours."""

from fundmgr.settings import *  # noqa: F403  # a bench differs in three names only
from fundmgr.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "bench.plain"]
ROOT_URLCONF = "bench.plain.urls"
WSGI_APPLICATION = "bench.plain.wsgi.application"
