"""The sign-in form of staff, apart from the adapters: the library loads those before its forms."""

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """The sign-in form with our own words around it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page has its own way to a new password, which also fits whoever never had one.
        self.fields["password"].help_text = ""
