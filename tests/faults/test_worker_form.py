"""The server is killed at every page of the worker's form: no saved word is lost, nothing is kept by half.

A worker walks from Start to the receipt; while each page is sent the server dies, between two statements,
around COMMIT, or by the clock. They send the page again, or open it anew, and go on. In the end there is one
request with every word, and one message.
"""

import itertools
import threading
import time
from functools import partial

import failpoints
import pytest
import tally
from builders import make_world
from failpoints import Order
from fault_ground import ground_of
from fault_walk import CHECK, CODE, FILE, JOB, PAGES, Phone, holds, reference_of

from fundmgr.models import OutboxMessage
from requests_app.models import AssistanceRequest, Document

NUMBERS = itertools.count(1)
BY_STEP, BY_CLOCK = "web killed at a page", "web killed by the clock"
DELAYS_MS = (0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48)


@pytest.fixture
def ground(servers, committed_db, tmp_path):
    with ground_of(servers, committed_db, tmp_path, "web") as one:
        yield one


def phone_on(ground, world):
    return Phone(ground, world, f"worker-{next(NUMBERS)}@example.org")


def steps_of(ground, world):
    """Walk undisturbed, twice for what a process looks up once; return the steps of each page's use case."""
    for _ in range(2):
        phone = phone_on(ground, world)
        steps = {
            page: len(ground.points.trace(page.inside, partial(send_one, phone, page))) for page in PAGES
        }
        assert all(steps.values()), steps
    return steps


def send_one(phone, page):
    phone.until_answered(phone.fill(page))


def go_on(phone, page, send, *, anew):
    """Do as a worker does whose page did not load: send it again, or open it anew and fill it in."""
    if anew:
        send = phone.fill(page)
        if send is None:
            return
    status, _place, _text = phone.until_answered(send)
    if page == CODE and status != 302:
        # The code was used up, but nobody was let in: the page offers a new one.
        assert phone.press("apply/code/again/", on=page.path)[0] == 302
        status = phone.until_answered(phone.fill(page))[0]
    assert status == 302, (page, status)


def walk(phone, kill, title, *, anew):
    """Walk from Start to the receipt, killed where `kill` says so; return the pages that were lost.

    Shapes: `kill` makes ready for a page before it is sent, and returns what is to be done once it was.
    """
    lost, counted = [], tally.row(title)
    for number, page in enumerate(PAGES):
        send, after = phone.fill(page), kill(page)
        start, is_heard = time.monotonic(), phone.is_heard(send)
        if after is not None:
            after()
        kept = phone.kept()
        lost += [page.name for page in PAGES[:number] if not holds(kept, page, phone.email)]
        assert page.name not in kept or holds(kept, page, phone.email), (page, "is kept by half")
        if not is_heard:
            go_on(phone, page, send, anew=anew)
        if after is not None:
            counted.point(hit=True, seconds=time.monotonic() - start)
    counted.lost += bool(lost)
    return lost


def disturbed(ground, world, orders, *, anew):
    """Walk with an order for each page that has one."""
    phone, hits = phone_on(ground, world), len(ground.points.hits())

    def kill(page):
        if page not in orders:
            return None
        ground.points.order(orders[page])
        return ground.points.withdraw

    assert walk(phone, kill, BY_STEP, anew=anew) == []
    ended_in_one_request(phone)
    assert len(ground.points.hits()) - hits == len(orders) <= phone.dead_lines


def ended_in_one_request(phone):
    """One request with every word of every page, one message about it, one receipt however often read."""
    row = AssistanceRequest.objects.get(id=phone.draft().submitted_request_id)
    assert [reference_of(phone.page("request/receipt/")) for _ in range(2)] == [row.reference] * 2
    assert AssistanceRequest.objects.filter(applicant=row.applicant).count() == 1
    assert OutboxMessage.objects.filter(effect_key__startswith=f"request_received:{row.id}").count() == 1
    said = (row.applicant.full_name, row.production_name, row.job_title, row.statement)
    assert said == ("Ana Rivera", "Badge 27", "Set lighting technician", phone.email)
    needs = {need.category: need.amount_cents for need in row.need_lines.all()}
    assert needs == {"RENT": 240_000, "FOOD": 60_000}
    # A photo that was sent again is the same photo.
    assert Document.objects.filter(request=row).count() == 1


def order_of(page, step, last):
    """The kill before a step of a page's use case; what is behind the last one is behind its COMMIT."""
    return Order(page.inside, min(step, last), failpoints.KILL_ALL, after=step > last)


def test_a_server_that_dies_while_a_page_is_sent_loses_no_word(ground):
    world = make_world()
    steps = steps_of(ground, world)
    before, behind = 0, 1
    places = {JOB: behind, CODE: before, FILE: before, CHECK: behind}

    orders = {page: order_of(page, steps[page] + place, steps[page]) for page, place in places.items()}
    disturbed(ground, world, orders, anew=False)


def test_control_a_server_that_keeps_answers_in_its_memory_loses_them(servers, committed_db, tmp_path):
    with ground_of(servers, committed_db, tmp_path, "forgetful") as ground:
        phone = phone_on(ground, make_world())
        for page in PAGES[:3]:
            send_one(phone, page)
        shown = phone.form(JOB.path)
        ground.kill("forgetful")

        assert shown["job_title"] == JOB.typed(phone.email)["job_title"]
        assert phone.form(JOB.path)["job_title"] == [""]
        assert not holds(phone.kept(), JOB, phone.email)


@pytest.mark.slow
@pytest.mark.timeout(3600)
class TestEveryStepOfEveryPage:
    def test_survives_a_kill(self, ground):
        world = make_world()
        steps = steps_of(ground, world)
        for step in range(1, max(steps.values()) + 2):
            orders = {page: order_of(page, step, last) for page, last in steps.items() if step <= last + 1}
            disturbed(ground, world, orders, anew=step % 2 == 0)

    def test_survives_a_kill_at_any_moment(self, ground):
        world = make_world()
        for number, delay_ms in enumerate(DELAYS_MS):
            phone = phone_on(ground, world)

            def kill(_page, delay_ms=delay_ms):
                timer = threading.Timer(delay_ms / 1000, ground.kill, ["web"])
                timer.start()
                return timer.join

            assert walk(phone, kill, BY_CLOCK, anew=number % 2 == 1) == []
            ended_in_one_request(phone)
