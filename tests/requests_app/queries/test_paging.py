"""Pages by keyset: nothing twice, nothing missing, both ways, with cursors that nobody can bend."""

from datetime import timedelta

import pytest
from builders import NOW, make_world
from casework import file_request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundmgr.domain import errors
from requests_app.models import AssistanceRequest
from requests_app.queries.paging import keyset

ORDERS = [
    ("submitted_at", "id"),
    ("-submitted_at", "-id"),
    ("-asked_cents", "id"),
    ("asked_cents", "-submitted_at", "id"),
]


@pytest.fixture
def requests(db):
    world = make_world()
    return [
        file_request(
            world,
            100_000 + 100_000 * (number * 7 % 2),
            contact=f"worker-{number}@example.org",
            now=NOW + timedelta(hours=number * 5 % 3),
        )
        for number in range(13)
    ]


def wanted(order):
    return list(AssistanceRequest.objects.order_by(*order).values_list("id", flat=True))


def walk(order, limit):
    cursor, pages = None, []
    while True:
        page = keyset(AssistanceRequest.objects.all(), order, cursor, limit)
        pages.append(page)
        if not page.has_more:
            return pages
        cursor = page.next_cursor


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 4, 13, 50])
def test_walking_forward_meets_every_row_once_in_order(requests, order, limit):
    pages = walk(order, limit)

    assert [row.id for page in pages for row in page.rows] == wanted(order)
    assert pages[0].previous_cursor is None
    assert pages[-1].next_cursor is None


@pytest.mark.parametrize("order", ORDERS)
def test_walking_back_shows_the_same_pages(requests, order):
    pages = walk(order, 4)

    back = keyset(AssistanceRequest.objects.all(), order, pages[2].previous_cursor, 4)

    assert [row.id for row in back.rows] == [row.id for row in pages[1].rows]
    assert back.has_more
    first = keyset(AssistanceRequest.objects.all(), order, back.previous_cursor, 4)
    assert [row.id for row in first.rows] == [row.id for row in pages[0].rows]
    assert first.previous_cursor is None


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(limit=st.integers(1, 14), order=st.sampled_from(ORDERS))
def test_any_page_size_gives_the_same_walk(requests, limit, order):
    assert [row.id for page in walk(order, limit) for row in page.rows] == wanted(order)


def test_rows_that_arrive_later_do_not_shift_the_next_page(requests):
    order = ("-submitted_at", "-id")
    first = keyset(AssistanceRequest.objects.all(), order, None, 5)
    expected = wanted(order)[5:10]
    world = make_world(name="Another fund")
    file_request(world, now=NOW + timedelta(days=1))

    second = keyset(AssistanceRequest.objects.all(), order, first.next_cursor, 5)

    assert [row.id for row in second.rows] == expected


@pytest.mark.parametrize(
    "bend",
    [
        lambda cursor: cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
        lambda cursor: "x" + cursor[1:],
        lambda cursor: cursor[: len(cursor) // 2],
        lambda _cursor: "not a cursor",
        lambda _cursor: "a:b:c",
        lambda _cursor: "\x00",
        lambda _cursor: "é" * 40,
        lambda cursor: cursor * 300,
    ],
)
def test_a_bent_cursor_is_refused(requests, bend):
    cursor = keyset(AssistanceRequest.objects.all(), ORDERS[0], None, 5).next_cursor

    with pytest.raises(errors.InvalidInput) as refused:
        keyset(AssistanceRequest.objects.all(), ORDERS[0], bend(cursor), 5)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("cursor", "invalid_cursor")
    ]


def test_a_cursor_of_another_order_is_refused(requests):
    cursor = keyset(AssistanceRequest.objects.all(), ORDERS[0], None, 5).next_cursor

    with pytest.raises(errors.InvalidInput):
        keyset(AssistanceRequest.objects.all(), ORDERS[1], cursor, 5)


@pytest.mark.parametrize(("limit", "rows"), [(0, 1), (-5, 1), (10_000, 13)])
def test_limits_are_brought_into_range(requests, limit, rows):
    assert len(keyset(AssistanceRequest.objects.all(), ORDERS[0], None, limit).rows) == rows


def test_no_page_counts(requests, django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        keyset(AssistanceRequest.objects.all(), ORDERS[0], None, 5)

    assert "COUNT" not in captured[0]["sql"]


def test_an_empty_list_has_no_cursors(db):
    page = keyset(AssistanceRequest.objects.all(), ORDERS[0])

    assert (page.rows, page.next_cursor, page.previous_cursor, page.has_more) == ([], None, None, False)
