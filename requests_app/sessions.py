"""Sessions as Django keeps them, read by one prepared statement, for each page of the form reads one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from fundmgr.models import prepared

_READ = "SELECT session_data FROM django_session WHERE session_key = $1 AND expire_date > $2"


class SessionStore(db.SessionStore):
    """What `SESSION_ENGINE` names."""

    def load(self) -> dict[str, Any]:
        """This will read what is kept; a key that is unknown or ran out is forgotten."""
        row = prepared.one(_READ, [self.session_key, timezone.now()])
        if row is None:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(row[0])
        return kept
