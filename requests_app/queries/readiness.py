"""Whether the parts that the product needs answer now."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from fundmgr.models import WorkerBeat

_SILENT_AFTER = timedelta(minutes=2)


def parts() -> dict[str, bool]:
    """This will return each part's name and whether it answers: database, queue, worker."""
    database = _database_answers()
    return {"database": database, "queue": _queue_answers(), "worker": database and _worker_answers()}


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _queue_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_CLIENT_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False


def _worker_answers() -> bool:
    return WorkerBeat.objects.filter(at__gt=timezone.now() - _SILENT_AFTER).exists()
