"""The pages of messages: a worker writes, staff answer on the page of the request."""

from datetime import timedelta

import pytest
from builders import World, make_world
from console import Staff, summary_of, text_of
from django.utils import timezone
from walking import Walk, errors_of, heading_of

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest, Message


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


def page_of(row: AssistanceRequest) -> str:
    return f"requests/{public('req', row.id)}/"


def test_a_worker_writes_staff_answer_and_both_read_it(world: World, walk: Walk) -> None:
    assert "Write to us" in walk.get("request/").content.decode()
    empty = walk.get("request/messages/")
    assert heading_of(empty) == "Messages"
    assert "No messages yet." in empty.content.decode()

    said = walk.post("request/messages/", {"text": "Did you get my <b>photo</b>?"}, follow=True)

    assert "We have your message. We answer in 2 working days." in said.content.decode()
    assert "&lt;b&gt;photo" in said.content.decode()
    row = AssistanceRequest.objects.get()
    desk = Staff(world, Role.REVIEWER)
    assert "Waiting for an answer" in text_of(desk.get("requests/"))
    assert "Messages to answer" in text_of(desk.get(""))
    assert row.reference in text_of(desk.get("requests/messages/"))
    assert "Did you get my" in text_of(desk.get(page_of(row)))
    desk.post(f"{page_of(row)}reply/", {"text": "We did. You need do nothing."}, page=page_of(row))
    assert row.reference not in text_of(desk.get("requests/messages/"))
    thread = walk.get("request/messages/").content.decode()
    assert thread.index("photo") < thread.index("We did.")
    assert "who reads requests" in thread
    assert "Messages (2)" in walk.get("request/").content.decode()


def test_two_taps_on_send_are_one_message(walk: Walk) -> None:
    form = {**walk.hidden("request/messages/"), "text": "Hello"}

    for _ in range(2):
        assert walk.client.post(f"{walk.root}request/messages/", form).status_code == 302

    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write your message"),
        ("a" * 1001, "What you wrote must be 1000 letters or less (it has 1001)"),
        ("a\0", "Remove the hidden characters, or type this again by hand"),
    ],
)
def test_what_cannot_be_sent_is_kept_in_the_box(walk: Walk, text: str, sentence: str) -> None:
    response = walk.post("request/messages/", {"text": text})

    assert response.status_code == 422
    assert errors_of(response) == [sentence]
    assert text.strip("\0") in response.content.decode()


def test_nobody_else_opens_the_thread(world: World, walk: Walk) -> None:
    walk.post("request/messages/", {"text": "My landlord wrote."})
    assert Walk(world).get("request/messages/").url.endswith("/sign-in/")
    eve = Walk(world)
    eve.prove("eve@example.com", path="sign-in/")

    assert eve.get("request/messages/").status_code == 404
    row = AssistanceRequest.objects.get()
    assert "landlord" not in text_of(Staff(world, Role.APPROVER).get(page_of(row)))


def test_staff_see_what_is_wrong_with_a_reply_and_may_settle_without_one(world: World, walk: Walk) -> None:
    walk.post("request/messages/", {"text": "Thank you!"})
    row, desk = AssistanceRequest.objects.get(), Staff(world, Role.REVIEWER)

    refused = desk.post(f"{page_of(row)}reply/", {"text": ""}, page=page_of(row))

    assert "Write your message." in summary_of(refused)
    desk.post(f"{page_of(row)}settle/", {}, page=page_of(row))
    assert not Message.objects.filter(needs_answer=True).exists()
    assert "No answer needed" not in text_of(desk.get(page_of(row)))


def test_the_short_address_in_a_text_leads_to_the_request_and_tells_nothing_else(
    world: World, walk: Walk
) -> None:
    row = AssistanceRequest.objects.get()

    for reference in (row.reference, row.reference.lower()):
        assert Walk(world).client.get(f"/r/{reference}").url == f"{walk.root}request/"
    assert Walk(world).client.get("/r/R-000000").url == "/"
    assert Walk(world).client.post(f"/r/{row.reference}").status_code == 405
