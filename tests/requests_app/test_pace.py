"""Many who begin from one address wait a little each; nobody is shut out, and nothing typed is lost."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from builders import make_world
from walking import BEFORE_CODE, Walk, heading_of

from requests_app import held_forms, pace
from requests_app.models import ContactCode, Draft
from requests_app.pace import FREE_STEPS, LONGEST_SECONDS, STEPS_OF_A_TURN, Pace
from requests_app.pages.applicant.door import Door

pytestmark = pytest.mark.django_db
MINE = "127.0.0.1"
MAIL = {"channel": "MAIL", "email": "ana@example.com"}


@pytest.fixture
def clock(monkeypatch):
    """A clock of the pages that goes on only when it is told."""

    class Clock:
        # A little behind, so that what the worker delivers by its own clock is due.
        at = datetime.now(UTC) - timedelta(minutes=5)

        def goes_on(self, seconds: float) -> None:
            self.at += timedelta(seconds=seconds)

    one = Clock()
    monkeypatch.setattr(Door, "now", property(lambda door: one.at))
    return one


@pytest.fixture
def world():
    return make_world()


def crowded(clock, *, steps: float = FREE_STEPS) -> None:
    """So many steps came from the tests' own address, and nobody proved anything."""
    for _ in range(int(steps)):
        pace.pace.step(MINE, None, now=clock.at.timestamp())


def sent(walk, path, **typed):
    """Send a form as a browser does."""
    form = {**walk.hidden(path), **typed}
    return walk.client.post(walk.root + path, urlencode(form), content_type=held_forms.FORM)


def seconds_of(answer) -> int:
    return int(answer["Retry-After"])


def test_who_begins_where_many_did_is_told_when_the_turn_comes_and_goes_on_by_itself(world, clock):
    walk = Walk(world)
    crowded(clock)

    waits = sent(walk, "apply/")
    early = walk.get("apply/")
    clock.goes_on(seconds_of(waits))
    done = walk.get("apply/")

    assert (waits.status_code, heading_of(waits)) == (429, "Your turn comes in 3 seconds")
    assert waits["Refresh"] == f"3; url={walk.root}apply/"
    assert waits["Cache-Control"] == "no-store"
    assert early.status_code == 429
    assert (done.status_code, done.url) == (302, f"{walk.root}apply/show/")
    # It was sent once: the page is a page again.
    assert walk.get("apply/show/").status_code == 200
    assert Draft.objects.count() == 1


def test_the_turn_is_told_in_spanish(world, clock):
    walk = Walk(world)
    walk.client.cookies["django_language"] = "es"
    crowded(clock)

    assert heading_of(sent(walk, "apply/")) == "Su turno llega en 3 segundos"


def test_looking_again_early_keeps_the_turn_however_many_come_after(world, clock):
    walk = Walk(world)
    crowded(clock, steps=FREE_STEPS + 20)
    first = seconds_of(sent(walk, "apply/"))

    clock.goes_on(4)
    crowded(clock, steps=50)

    assert seconds_of(walk.get("apply/")) == first - 4


def test_a_contact_that_was_typed_is_kept_and_its_code_sent_when_the_turn_comes(world, clock):
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    crowded(clock)

    waits = sent(walk, "apply/contact/", **MAIL)
    before = ContactCode.objects.count()
    clock.goes_on(seconds_of(waits))
    done = walk.get("apply/contact/")

    assert (waits.status_code, before) == (429, 0)
    assert "What you typed is kept" in waits.content.decode()
    assert (done.status_code, done.url) == (302, f"{walk.root}apply/code/")
    assert ContactCode.objects.get().contact == MAIL["email"]
    assert Draft.objects.count() == 1


def test_a_person_waits_once_and_finishes_whatever_else_comes_from_there(world, clock):
    walk = Walk(world)
    crowded(clock, steps=1000)
    waits = sent(walk, "apply/")
    clock.goes_on(seconds_of(waits))
    crowded(clock, steps=1000)

    assert walk.get("apply/").status_code == 302
    walk.answer(*BEFORE_CODE)
    walk.prove(MAIL["email"])
    assert walk.get("apply/household/").status_code == 200


def test_a_turn_is_good_for_a_few_steps_and_a_made_up_one_for_none(world, clock):
    walk = Walk(world)
    crowded(clock, steps=1000)
    waits = sent(walk, "apply/")
    clock.goes_on(seconds_of(waits))
    crowded(clock, steps=1000)

    del walk.client.cookies[held_forms.COOKIE]
    answers = [sent(walk, "apply/").status_code for _ in range(STEPS_OF_A_TURN + 1)]
    assert answers == [302] * STEPS_OF_A_TURN + [429]

    forger = Walk(world)
    forger.client.cookies[pace.COOKIE] = waits.cookies[pace.COOKIE].value + "x"
    assert sent(forger, "apply/").status_code == 429


@pytest.mark.parametrize("path", ["sign-in/", "donor/", "apply/helping/"])
def test_every_page_that_begins_something_keeps_the_pace(world, clock, path):
    walk = Walk(world)
    crowded(clock)

    assert sent(walk, path, email="x@example.org").status_code == 429
    # Looking costs nothing.
    assert Walk(world).get(path).status_code == 200


class TestPace:
    """The counts of one process."""

    def test_the_wait_grows_with_what_comes_and_ends_somewhere(self):
        pace = Pace()

        turns = [pace.step("hall", None, now=0) for _ in range(1000)]

        assert turns[: int(FREE_STEPS)] == [None] * int(FREE_STEPS)
        waits = [turn.seconds(0) for turn in turns[int(FREE_STEPS) :]]
        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (3, LONGEST_SECONDS)

    def test_a_flood_is_forgotten_soon_after_it_ends(self):
        pace = Pace()
        for _ in range(100_000):
            pace.step("hall", None, now=0)

        assert pace.step("hall", None, now=LONGEST_SECONDS + 2) is None

    def test_another_address_waits_for_nobody(self):
        pace = Pace()
        for _ in range(1000):
            pace.step("hall", None, now=0)

        assert pace.step("home", None, now=0) is None

    @pytest.mark.parametrize("proves", [True, False])
    def test_a_hall_of_people_who_prove_themselves_never_waits_and_the_control_does(self, proves):
        pace, waited = Pace(), 0
        for number in range(600):
            now = number / 4  # faster than steps are forgotten
            waited += sum(pace.step("hall", None, now=now) is not None for _ in range(2))
            if proves:
                pace.prove("hall", now=now)

        assert (waited == 0) is proves

    def test_no_flood_of_addresses_fills_the_memory(self, monkeypatch):
        monkeypatch.setattr("requests_app.pace._MOST_KNOWN", 10)
        pace = Pace()

        for number in range(100):
            pace.step(str(number), None, now=0)

        assert len(pace.steps) == 10


def test_a_message_sent_after_the_half_hour_has_its_turn_and_is_kept_then(world, clock):
    walk = Walk(world)
    walk.fill()
    walk.send()
    hidden = walk.hidden("request/messages/")
    walk.client.session.flush()
    crowded(clock)
    form = urlencode({**hidden, "text": "I have no heat"})

    waits = walk.client.post(f"{walk.root}request/messages/", form, content_type=held_forms.FORM)
    clock.goes_on(seconds_of(waits))
    turn = walk.client.get(f"{walk.root}request/messages/", follow=True)

    assert waits.status_code == 429
    assert turn.redirect_chain == [(f"{walk.root}sign-in/", 302)]
    assert "We keep what you wrote for 30 minutes more." in turn.content.decode()
