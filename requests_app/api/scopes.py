"""What a token may be asked for: only the scopes its client was given."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from requests_app import queries

SCOPES: dict[str, str] = {
    "funds:read": "Read the fund and its position",
    "requests:read": "Read requests",
    "requests:write": "File and withdraw requests",
    "decisions:write": "Propose and decide eligibility",
    "commitments:read": "Read donors, commitments and receipts",
    "commitments:write": "Record donors, commitments and receipts",
    "rounds:read": "Read allocation rounds",
    "rounds:write": "Draft and propose rounds",
    "rounds:approve": "Approve rounds",
    "payouts:read": "Read payouts and batches",
    "payouts:write": "Build batches, settle and return payouts",
    "reports:read": "Read reports and jobs",
    "reports:write": "Ask for reports",
    "pii:read": "Read names and contacts",
}


class ClientScopes(BaseScopes):  # type: ignore[misc]  # the library has no types
    """Scopes per client, from the client's own row."""

    def get_all_scopes(self) -> dict[str, str]:
        """This will return every scope with its caption."""
        return SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """This will return the scopes that the client may ask for."""
        return queries.access.client_scopes(oauth_client_id=application.client_id) if application else []

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """This will return what a token gets when it asks for nothing by name."""
        return self.get_available_scopes(application, request)
