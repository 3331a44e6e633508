"""The Accept header."""

import pytest

from requests_app.api import formats
from requests_app.api.errors import NotAcceptable

OFFER = ("application/json", "text/csv", "application/pdf")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("garbage", "application/json"),
        (";;;,,,", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        ("text/*", "text/csv"),
        ("application/pdf, application/json;q=0.5", "application/pdf"),
        ("application/json;q=0.1, text/csv;q=0.2", "text/csv"),
        ("application/json;q=0, */*;q=0.1", "text/csv"),
        ("application/problem+json", "application/json"),
        ("text/csv;q=nan", None),
        ("text/csv;q=-1", None),
        ("text/csv;q=x", None),
        ("image/png", None),
        ("*/*;q=0", None),
    ],
)
def test_the_format_liked_best_is_chosen(header, expected):
    if expected is None:
        with pytest.raises(NotAcceptable):
            formats.chosen(header, OFFER)
    else:
        assert formats.chosen(header, OFFER) == expected
