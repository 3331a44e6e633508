"""Keeps a web server or a worker running however often it is killed: forked anew from a loaded program.

Run as a program it loads the product once, then forks granian or Celery each time the one before died, which
takes a tenth of a second: `python reborn.py web PORT`, `python reborn.py worker`.
"""

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial

from fundmgr.launcher.supervisor import PR_SET_PDEATHSIG

GRANIAN = ["--interface", "wsgi", "--blocking-threads", "4", "--no-ws", "--port"]
MOST_ENDS, PAUSE_SECONDS = 10, 0.5
CELERY = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]


def web(port: str) -> None:
    """Serve as production does."""
    from granian.cli import cli

    import fundmgr.wsgi  # noqa: F401 - loaded before the fork, found again by granian

    _for_ever(lambda: cli([*GRANIAN, port, "fundmgr.wsgi:application"]))


def forgetful(port: str) -> None:
    """The control's: answers of the form are kept in this process until they are sent."""
    from granian.cli import cli

    import fundmgr.wsgi  # noqa: F401 - as above
    from requests_app.services import draft_answers

    memory: dict[object, str] = {}

    def put(draft, kept, *, now):  # type: ignore[no-untyped-def]
        memory[draft.id] = json.dumps(kept)
        draft.updated_at, draft.version = now, draft.version + 1

    draft_answers._set = put
    draft_answers.read = lambda draft: json.loads(memory.get(draft.id, draft.answers))
    _for_ever(lambda: cli([*GRANIAN, port, "fundmgr.wsgi:application"]))


def worker() -> None:
    """Work as production does, with two processes."""
    from fundmgr.celery import app

    app.loader.import_default_modules()
    app.task(name="faulty.naive_effect")(_naive_effect)
    app.finalize()
    _for_ever(lambda: app.worker_main(CELERY))


def _naive_effect(number: int) -> None:
    """The control's: an effect that only the queue knows of."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO naive_effect VALUES (%s)", [number])


def _for_ever(serve: Callable[[], None]) -> None:
    left = MOST_ENDS
    while left:
        child = os.fork()
        if child == 0:
            # A group of its own: who kills the service must not kill the one that starts it again.
            os.setpgid(0, 0)
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
            serve()
            os._exit(1)
        signal.signal(signal.SIGTERM, partial(_end, child))
        _pid, ended = os.waitpid(child, 0)
        # What the dead one left keeps its port and its queue.
        _end_group(child)
        if not os.WIFSIGNALED(ended):
            # Celery's driver of the queue may fall over its own feet when the queue dies while it answers:
            # whoever runs the product starts a worker again that ended, and so does this, but not for ever.
            left -= 1
            time.sleep(PAUSE_SECONDS)
    sys.exit(1)


def _end(child: int, *_: object) -> None:
    _end_group(child)
    os._exit(0)


def _end_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    {"web": web, "worker": worker, "forgetful": forgetful}[sys.argv[1]](*sys.argv[2:])
