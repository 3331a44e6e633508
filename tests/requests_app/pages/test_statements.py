"""What a page of the form asks of the database: few statements, and the same however much there is."""

from datetime import timedelta

import pytest
from builders import World, make_world
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from walking import ANSWERS, BEFORE_CODE, Walk

PAGES = ("show", "job", "name", "household", "need", "other-help", "proof")
# The session, its person, where they stand, the worker, the draft; one of its own.
MOST_TO_SHOW = 6
# One draft is read again under its lock and written, in a transaction of its own.
MOST_TO_SAVE = 11


@pytest.fixture
def walk(db: None) -> Walk:
    world: World = make_world(now=timezone.now() - timedelta(days=1))
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.get("apply/need/")
    return walk


def counted(act) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert act().status_code in {200, 302}
    return [query["sql"][:120] for query in caught]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_shown_with_few_statements_and_writes_nothing(walk: Walk, page: str) -> None:
    found = counted(lambda: walk.get(f"apply/{page}/"))

    assert len(found) <= MOST_TO_SHOW, found
    assert [sql for sql in found if sql.startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.mark.parametrize("page", PAGES)
def test_an_answer_is_saved_with_few_statements_and_one_write(walk: Walk, page: str) -> None:
    form = {**walk.hidden(f"apply/{page}/"), "then": "continue", **ANSWERS[page]}

    found = counted(lambda: walk.client.post(f"{walk.root}apply/{page}/", form))

    assert len(found) <= MOST_TO_SAVE, found
    writes = [sql for sql in found if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(writes) == 1, writes
    assert 'UPDATE "requests_app_draft"' in writes[0]
