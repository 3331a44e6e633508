"""Django's entry to the typical way."""

from django.apps import AppConfig


class PlainConfig(AppConfig):
    """The typical way."""

    name = "bench.plain"
    label = "plain"
