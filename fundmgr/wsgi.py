"""The web server's entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundmgr.settings")

application = get_wsgi_application()
# What is loaded now stays for good: the collector need not look at it again and again.
gc.collect()
gc.freeze()
# A page makes thousands of objects and few rings of them: looking for those less often costs a page less.
gc.set_threshold(20_000, 20, 50)
