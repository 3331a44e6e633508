"""What the privacy page promises: each look at a name or a photo is written down, on every staff page."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin

import casework
import nasty
import pytest
from builders import World, make_world
from console import Staff, text_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone
from stages import STAGES
from walking import AFTER_CODE, BEFORE_CODE, Walk

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from requests_app.models import AssistanceRequest
from requests_app.services import messages

pytestmark = pytest.mark.django_db

LOOKS = {"identities.read", "contact.revealed", "document.viewed"}
NAME = "Zinnia Quarrel"
_LINK = re.compile(r'(?:href|src)="([^"#]+)')
# What tells two addresses of one kind apart: keys, places in a list, what a menu would add to a query.
_KEY = re.compile(r"_[0-9a-f]{32}|[0-9a-f-]{36}|\?.*")


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.FILES_DIR = tmp_path / "files"
    return make_world(now=timezone.now() - timedelta(days=1))


def named_at(world: World, stage: str) -> AssistanceRequest:
    """A worker with a name, a photo and a message that waits, at a stage of the story."""
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE, name={"full_name": NAME})
    walk.prove()
    walk.answer(*AFTER_CODE[:-1])
    file = SimpleUploadedFile("stub.jpg", nasty.a_photo())
    walk.client.post(f"{walk.root}apply/proof/add/", {"file": file})
    walk.answer("proof")
    walk.send()
    STAGES[stage].move(world)
    row = AssistanceRequest.objects.get(applicant__user__isnull=False)
    by = casework.worker_of(row)
    messages.write(request_id=row.id, text="Did it arrive?", came_by="PAGE", by=by, now=timezone.now())
    return row


def looks() -> int:
    """How many looks are written down."""
    return Event.objects.filter(verb__in=LOOKS).count()


def opened(desk: Staff) -> Iterator[tuple[str, HttpResponse, bool]]:
    """Every page that links lead to from the home page, each kind once, and whether it was written down."""
    home = desk.address("")
    found, kinds = [home], {home}
    for address in found:
        before = looks()
        answer = desk.browser.get(address)
        yield address, answer, looks() > before
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        for link in _LINK.findall(text_of(answer)):
            target = urljoin(address, link.replace("&amp;", "&"))
            kind = _KEY.sub("*", target)
            if target.startswith(home) and kind not in kinds:
                kinds.add(kind)
                found.append(target)


@pytest.mark.parametrize(
    ("role", "stage"),
    [*((role, "left") for role in Role), (Role.REVIEWER, "asked"), (Role.AUDITOR, "looking")],
)
def test_no_page_of_the_console_shows_a_name_that_is_not_written_down(world, role, stage):
    named_at(world, stage)
    desk = Staff(world, role)

    unwritten, shown = [], 0
    for address, answer, is_look in opened(desk):
        body = b"" if answer.streaming else answer.content
        has_name = b"Zinnia" in body or answer.get("Content-Type", "") == "image/jpeg"
        shown += has_name
        if has_name and not is_look:
            unwritten.append(address)

    assert unwritten == []
    # The control: one who reads requests does see names, and not on one page alone.
    assert role is not Role.REVIEWER or shown >= 3


def test_what_is_written_says_who_looked_at_whom_and_no_name(world):
    named = named_at(world, "asked")
    desk = Staff(world, Role.REVIEWER)

    desk.get(f"requests/{public('req', named.id)}/")

    said = bytes(Event.objects.get(verb="identities.read").body)
    assert json.loads(said)["actor"] == desk.actor.key
    assert json.loads(said)["facts"]["requests"] == [str(named.id)]
    assert b"Zinnia" not in said


def test_one_who_sees_no_names_leaves_no_look(world):
    named_at(world, "asked")

    Staff(world, Role.APPROVER).get("requests/")

    assert looks() == 0


def test_an_empty_queue_is_no_look(world):
    Staff(world, Role.REVIEWER).get("requests/")

    assert looks() == 0
