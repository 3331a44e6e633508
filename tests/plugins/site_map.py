"""The addresses of the site as its own table of pages has them."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import URLPattern, URLResolver


def routes(patterns: list[URLPattern | URLResolver], start: str = "") -> Iterator[str]:
    """This will walk every route below some patterns, like `f/<slug:slug>/apply/`."""
    for pattern in patterns:
        route = f"{start}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def filled(route: str, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """This will put values in place of a route's parts, every one of several in turn."""
    found = [f"/{route}"]
    for name, words in values.items():
        marks = [f"<{kind}:{name}>" for kind in ("slug", "str", "uuid") if f":{name}>" in route]
        for mark in marks:
            found = [each.replace(mark, word) for each in found for word in words]
    yield from found
