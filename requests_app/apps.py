"""Django's entry to the people half."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """The people half: requests, reviews, rounds, payouts, and every door to the outside."""

    name = "requests_app"
    verbose_name = "Requests"
