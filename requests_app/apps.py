"""Django's entry to the people half."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class RequestsConfig(AppConfig):
    """The people half: requests, reviews, rounds, payouts, and every door to the outside."""

    name = "requests_app"
    verbose_name = "Requests"

    def ready(self) -> None:
        """This will put our note of a sign-in in the place of Django's."""
        from requests_app.signed_in import note_sign_in  # noqa: PLC0415  # needs the models, loaded by now

        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(note_sign_in, dispatch_uid="update_last_login")
