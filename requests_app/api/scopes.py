"""What a token may be asked for: only the scopes its client was given."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from fundmgr.domain.scopes import SCOPES
from fundmgr.queries import access


class ClientScopes(BaseScopes):  # type: ignore[misc]  # the library has no types
    """Scopes per client, from the client's own row."""

    def get_all_scopes(self) -> dict[str, str]:
        """This will return every scope with its caption."""
        return SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """This will return the scopes that the client may ask for."""
        return access.client_scopes(oauth_client_id=application.client_id) if application else []

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """This will return what a token gets when it asks for nothing by name."""
        return self.get_available_scopes(application, request)
