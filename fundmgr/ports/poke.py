"""Wake the workers after a commit: only for speed. The sweeper is the guarantee, so errors cost nothing."""

import logging
import threading
import time
from functools import cache

from django.conf import settings

log = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.5
_wanted = threading.Event()
# A cache alone lets two first callers start two threads.
_one_at_a_time = threading.Lock()


def wake() -> None:
    """This will ask the background thread to send one wake-up, at most one in half a second."""
    with _one_at_a_time:
        _thread()
    _wanted.set()


@cache
def _thread() -> threading.Thread:
    thread = threading.Thread(target=_run, name="poke", daemon=True)
    thread.start()
    return thread


def _run() -> None:
    from celery import Celery  # noqa: PLC0415  # a web process that never writes never loads it

    app = Celery("poke", broker=settings.CELERY_BROKER_URL)
    app.conf.broker_transport_options = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 1}
    while True:
        _wanted.wait()
        _wanted.clear()
        try:
            app.send_task("fundmgr.sweep", ignore_result=True, retry=False)
        except Exception as error:  # a dead broker must cost a web request nothing
            log.warning("wake-up not sent: %s", error)
        time.sleep(_PAUSE_SECONDS)
