"""The product's settings and the other ledger's tables in the same database."""

from fundmgr.settings import *  # noqa: F403  # a bench differs in a few names only
from fundmgr.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "mptt", "hordak"]
DEFAULT_CURRENCY = HORDAK_INTERNAL_CURRENCY = "USD"
CURRENCIES = HORDAK_CURRENCIES = ["USD"]
# Its models leave the kind of key open; the product names every key itself.
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
