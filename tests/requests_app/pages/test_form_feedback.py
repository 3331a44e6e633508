"""How was this form: asked on the receipt, kept without a name, counted for staff."""

from datetime import timedelta

import pytest
from builders import World, make_world
from console import Staff
from django.utils import timezone
from walking import Walk, errors_of, heading_of

from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from requests_app.models import AssistanceRequest, FormFeedback

PAGE = "request/how-was-this-form/"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_receipt_asks_once_and_nothing_kept_leads_to_the_person(world: World, walk: Walk) -> None:
    assert "Tell us how this form was" in text_of(walk.get("request/receipt/"))
    assert heading_of(walk.get(PAGE)) == "How was this form?"

    sent = walk.post(PAGE, {"opinion": "HARD", "text": "The code came late."})

    assert sent.url.endswith("/request/receipt/")
    page = text_of(walk.get("request/receipt/"))
    assert "Thank you." in page
    assert "Tell us how this form was" not in page
    row, event = FormFeedback.objects.get(), Event.objects.get(verb="form.judged")
    assert (row.opinion, row.text, row.language) == ("HARD", "The code came late.", "en")
    applicant = AssistanceRequest.objects.get().applicant
    told = bytes(event.body).decode()
    assert event.actor == "system"
    assert not any(key.hex in told.replace("-", "") for key in (applicant.id, applicant.user_id))
    assert (row.created_at.astimezone().second, row.created_at.minute) == (0, 0)


def test_the_same_page_sent_twice_is_one_opinion(walk: Walk) -> None:
    said = {**walk.hidden(PAGE), "opinion": "EASY", "text": ""}

    for _tap in range(2):
        assert walk.client.post(walk.root + PAGE, said).status_code == 302

    assert FormFeedback.objects.count() == Event.objects.filter(verb="form.judged").count() == 1
    assert FormFeedback.objects.get().text is None


def test_what_is_missing_or_too_long_is_told_and_nothing_typed_is_lost(walk: Walk) -> None:
    page = walk.post(PAGE, {"opinion": "", "text": "kept words"})
    assert (page.status_code, errors_of(page)) == (422, ["Choose how this form was"])
    assert "kept words" in text_of(page)
    page = walk.post(PAGE, {"opinion": "EASY", "text": "x" * 501})
    assert (page.status_code, len(errors_of(page))) == (422, 1)
    assert not FormFeedback.objects.exists()


def test_staff_read_counts_and_words_each_by_what_they_may(world: World, walk: Walk) -> None:
    walk.post(PAGE, {"opinion": "FAIR", "text": "More Spanish."})

    page = text_of(Staff(world, Role.REVIEWER).get("settings/form/"))
    assert "It was OK" in page
    assert "More Spanish." in page
    approver = text_of(Staff(world, Role.APPROVER).get("settings/form/"))
    assert "It was OK" in approver
    assert "More Spanish." not in approver
    assert Staff(world, Role.TREASURER_PREPARES).get("settings/form/").status_code == 403
