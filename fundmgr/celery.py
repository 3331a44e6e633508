"""The Celery application: it wakes workers and holds the only copy of nothing."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundmgr.settings")

app = Celery("fundmgr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["requests_app"])


@worker_ready.connect
def sweep_at_once(**_: Any) -> None:
    """This will do what waited while no worker ran, without waiting for the next tick."""
    app.send_task("fundmgr.sweep", ignore_result=True)
