"""Words that are kept until they are sent: whose they are, how long, and how many."""

from uuid import uuid4

import pytest
from django.http import HttpRequest, QueryDict

from requests_app import kept_words
from requests_app.sessions import SessionStore

pytestmark = pytest.mark.django_db
ANA, NOW = uuid4(), 1_700_000_000.0


@pytest.fixture
def request_() -> HttpRequest:
    request = HttpRequest()
    request.session = SessionStore()
    return request


def keep(request: HttpRequest, path: str, text: str, now: float = NOW) -> bool:
    typed = QueryDict(mutable=True)
    typed.update({"whose": kept_words.whose(ANA), "form_token": "t", "text": text})
    typed.setlist("need", ["RENT", "FOOD"])
    return kept_words.keep(request, path=path, typed=typed, now=now)


def found(request: HttpRequest, path: str, *, user_id=ANA, now: float = NOW):
    request.path = path
    return kept_words.find(request, user_id=user_id, now=now)


def test_the_boxes_come_back_without_what_belongs_to_the_page(request_):
    assert keep(request_, "/a/", "Hello")

    assert found(request_, "/a/") == {"text": "Hello", "need": ["RENT", "FOOD"]}
    assert found(request_, "/b/") == {}
    assert found(request_, "/a/", user_id=uuid4()) == {}


def test_they_go_after_half_an_hour(request_):
    keep(request_, "/a/", "Hello")

    assert found(request_, "/a/", now=NOW + kept_words.LASTS_SECONDS)
    assert found(request_, "/a/", now=NOW + kept_words.LASTS_SECONDS + 1) == {}


def test_the_newest_of_a_page_counts_and_the_newest_pages_stay(request_):
    for number in range(kept_words.MOST_PAGES + 1):
        keep(request_, f"/{number}/", "Hello")
    keep(request_, "/1/", "Newer")

    assert list(request_.session[kept_words.KEPT]) == ["/2/", "/3/", "/4/", "/1/"]
    assert found(request_, "/1/")["text"] == "Newer"


def test_words_moved_to_another_page_or_another_place_open_nowhere(request_):
    keep(request_, "/a/", "Hello")
    sealed = request_.session[kept_words.KEPT]["/a/"]
    request_.session[kept_words.KEPT] = {"/b/": sealed, "/c/": kept_words.whose(ANA)}

    assert found(request_, "/b/") == {}
    assert found(request_, "/c/") == {}
