"""A full server: people keep their place and what they typed; programs are told when to come again."""

import re
import threading
from html import unescape
from urllib.parse import urlencode

import pytest
from builders import answers_the_phone, make_world
from calling import give_token, make_client
from walking import ANSWERS, Walk, heading_of

from fundmgr.domain.permissions import Role
from requests_app import crowd, held_forms, sites
from requests_app.crowd import Line, Ticket
from requests_app.models import Draft
from requests_app.services import draft_answers

pytestmark = pytest.mark.django_db
IN_LINE = "You are in line"


@pytest.fixture
def full(monkeypatch):
    """Nobody gets in until it is called."""
    monkeypatch.setattr(crowd, "line", Line(0))
    monkeypatch.setattr("requests_app.gate.PHOTOS_BEYOND", 0)

    def has_room():
        crowd.line.most = 8

    return has_room


def begun():
    walk = Walk(make_world())
    walk.start()
    return walk


def sent(walk, page, typed):
    """Send a form as a browser does."""
    return walk.client.post(f"{walk.root}apply/{page}/", urlencode(typed), content_type=held_forms.FORM)


def said(page):
    draft = Draft.objects.get()
    return draft_answers.read(draft).get(page)


def test_who_comes_to_a_full_server_is_told_to_wait_and_comes_again_by_itself(full):
    walk = Walk(make_world())

    answer = walk.get("apply/")

    assert answer.status_code == 503
    assert heading_of(answer) == IN_LINE
    assert answer["Retry-After"] == "4"
    assert answer["Refresh"] == f"4; url={walk.root}apply/"
    assert answer["Cache-Control"] == "no-store"
    assert "place" in answer.cookies

    full()
    answer = walk.get("apply/")

    assert answer.status_code == 200
    assert answer.cookies["place"]["max-age"] == 0


def test_the_line_speaks_spanish(full):
    walk = Walk(make_world())

    answer = walk.get("apply/", headers={"Accept-Language": "es"})

    assert heading_of(answer) == "Usted está en la fila"


def test_the_line_names_the_fund_and_its_phone_and_asks_nothing_of_the_database(
    full, django_assert_num_queries, settings, tmp_path, monkeypatch
):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(sites, "_known", {})
    world = make_world()
    answers_the_phone(world)
    walk = Walk(world)

    unknown = walk.get("apply/").content.decode()
    walk.get()
    with django_assert_num_queries(0):
        text = walk.get("apply/").content.decode()
    # A process that starts anew, in the middle of the rush.
    monkeypatch.setattr(sites, "_known", {})
    anew = walk.get("apply/").content.decode()

    assert world.fund.name not in unknown
    for page in (text, anew):
        assert world.fund.name.rsplit(" ", 3)[0] in page
        assert "(213) 555-0100" in page
        assert f'name="next" value="{walk.root}apply/"' in page
        assert "Español" in page


def test_the_language_of_the_line_is_changed_in_the_line_and_the_form_still_waits(monkeypatch):
    walk = begun()
    form = {**walk.hidden("apply/show/"), **ANSWERS["show"], "then": "continue"}
    room = crowd.line.most
    monkeypatch.setattr(crowd.line, "most", 0)

    sent(walk, "show", form)
    walk.client.post("/language/", {"language": "es", "next": f"{walk.root}apply/show/"})
    waits = walk.get("apply/show/")
    monkeypatch.setattr(crowd.line, "most", room)
    done = walk.get("apply/show/")

    assert heading_of(waits) == "Usted está en la fila"
    assert done.status_code == 302
    assert said("show")["show"] == "Badge 27"


def test_a_form_that_meets_the_line_is_kept_and_sent_when_its_turn_comes(monkeypatch):
    walk = begun()
    form = {**walk.hidden("apply/show/"), **ANSWERS["show"], "then": "continue"}
    room = crowd.line.most
    monkeypatch.setattr(crowd.line, "most", 0)

    waits = sent(walk, "show", form)
    again = walk.get("apply/show/")
    unsaid = said("show")
    monkeypatch.setattr(crowd.line, "most", room)
    done = walk.get("apply/show/")

    assert (waits.status_code, again.status_code) == (503, 503)
    assert "What you typed is kept" in waits.content.decode()
    assert "What you typed is kept" in again.content.decode()
    assert unsaid is None
    assert (done.status_code, done.url) == (302, f"{walk.root}apply/job/")
    assert said("show")["show"] == "Badge 27"
    # It is sent once: the page is a page again.
    assert walk.get("apply/show/").status_code == 200
    assert Draft.objects.get().version == 2


def test_a_kept_form_is_judged_by_its_form_token_like_any_other(monkeypatch):
    walk = begun()
    walk.client.handler.enforce_csrf_checks = True
    room = crowd.line.most
    monkeypatch.setattr(crowd.line, "most", 0)

    sent(walk, "show", {**ANSWERS["show"], "then": "continue"})
    monkeypatch.setattr(crowd.line, "most", room)
    refused = walk.get("apply/show/")

    assert refused.status_code == 403
    assert said("show") is None


def test_a_kept_form_of_another_page_is_not_sent(monkeypatch):
    walk = begun()
    form = {**walk.hidden("apply/show/"), **ANSWERS["show"], "then": "continue"}
    room = crowd.line.most
    monkeypatch.setattr(crowd.line, "most", 0)
    waits = sent(walk, "show", form)
    monkeypatch.setattr(crowd.line, "most", room)

    walk.client.cookies["held"] = waits.cookies["held"].value
    answer = walk.get("apply/job/")

    assert answer.status_code == 200
    assert said("show") is None


def test_a_form_too_long_for_the_browser_to_keep_is_held_by_its_page(monkeypatch):
    walk = begun()
    typed = {"statement": "".join(chr(0x4E00 + number) for number in range(3000)), "then": "continue"}
    monkeypatch.setattr(crowd.line, "most", 0)

    waits = sent(walk, "anything-else", typed)

    text = waits.content.decode()
    assert "Refresh" not in waits
    assert "Send it again" in text
    # The page alone holds the words, so nothing on it leads away.
    assert "Español" not in text
    assert dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)).keys() == typed.keys()
    assert typed["statement"] in unescape(text)


def test_the_fund_page_and_the_console_stay_open(full):
    walk = Walk(make_world())

    assert walk.get("").status_code == 200
    assert walk.client.get("/healthz").status_code == 200
    assert walk.client.get("/staff/").status_code == 302


@pytest.mark.parametrize("has_token", [True, False])
def test_a_program_is_told_when_to_call_again(client, full, has_token):
    world = make_world()
    headers = {}
    if has_token:
        token = give_token(make_client(world, Role.INTAKE)[1])
        headers = {"Authorization": f"Bearer {token}"}

    answer = client.get("/api/v1/requests", headers=headers)

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] == "2"
    assert answer.json()["code"] == "try_again"


class TestLine:
    """The places of one process."""

    def test_no_more_than_most_are_inside(self):
        line = Line(4)

        got = [line.enter(Ticket(str(n), n), has_begun=True, now=10) for n in range(6)]
        line.leave()

        assert got == [True] * 4 + [False] * 2
        assert line.enter(Ticket("4", 4), has_begun=True, now=11)

    def test_a_quarter_is_left_to_those_who_have_begun(self):
        line = Line(4)

        new = [line.enter(Ticket(str(n), n), has_begun=False, now=10) for n in range(4)]

        assert new == [True, True, True, False]
        assert line.enter(Ticket("x", 99), has_begun=True, now=10)

    def test_who_waits_longer_gets_in_before_who_came_later(self):
        line = Line(4)
        for number in range(4):
            line.enter(Ticket(str(number), number), has_begun=True, now=10)
        first, second = Ticket("first", 5), Ticket("second", 6)
        assert not line.enter(first, has_begun=True, now=10)
        assert not line.enter(second, has_begun=True, now=11)
        line.leave()

        assert not line.enter(second, has_begun=True, now=12)
        assert not line.enter(Ticket("new", 12), has_begun=True, now=12)
        assert line.before(second) == 1
        assert line.enter(first, has_begun=True, now=13)

    def test_what_comes_in_one_moment_waits_for_it_and_is_sent_away_only_after_it(self):
        line = Line(4)
        for number in range(4):
            line.enter(Ticket(str(number), number), has_begun=True, now=10)
        leaving = threading.Timer(0.05, line.leave)
        leaving.start()

        assert line.enter(Ticket("a", 5), has_begun=True, now=10, patience=30)
        leaving.join()
        assert not line.enter(Ticket("b", 6), has_begun=True, now=10, patience=0.01)

    def test_most_threads_do_not_stay_for_a_place(self):
        # Half as many as it has places may.
        line = Line(3)
        for number in range(3):
            line.enter(Ticket(str(number), number), has_begun=True, now=10)
        first = threading.Thread(
            target=line.enter, args=(Ticket("a", 5),), kwargs={"has_begun": True, "now": 10, "patience": 30}
        )
        first.start()
        while not line._patient:
            first.join(0.001)

        assert not line.enter(Ticket("b", 6), has_begun=True, now=10, patience=30)
        line.leave()
        # The one who stayed in line has the older place.
        assert line.before(Ticket("z", 99)) == 1
        first.join(30)
        assert not first.is_alive()

    def test_who_asks_no_more_holds_back_nobody(self):
        line = Line(4)
        for number in range(4):
            line.enter(Ticket(str(number), number), has_begun=True, now=10)
        line.enter(Ticket("left", 5), has_begun=True, now=10)
        line.leave()

        assert not line.enter(Ticket("new", 12), has_begun=True, now=12)
        assert line.enter(Ticket("new", 12), has_begun=True, now=10 + crowd.KEPT_SECONDS + 1)
