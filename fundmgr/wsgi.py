"""The web server's entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundmgr.settings")

application = get_wsgi_application()
# What is loaded now stays for good: the collector need not look at it again and again.
gc.collect()
gc.freeze()
