"""Nobody gets at what is another worker's: every page of workers, every other person, every verb.

The addresses are read from the site itself, so a new page stands in here from its first day on.
"""

from collections.abc import Iterator
from datetime import timedelta

import builders
import nasty
import pytest
import site_map
from builders import World
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import model_to_dict
from django.test import Client
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk

from fundmgr.domain.permissions import Role
from fundmgr.models import User
from requests_app.models import Applicant, AssistanceRequest, Document, Draft, Message, RequestRevision
from requests_app.pages import public_urls
from requests_app.services import messages

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OURS = ("f/<slug:slug>/request/", "f/<slug:slug>/apply/", "f/<slug:slug>/my-data/")
WORD = "Write back soon, Z."
SECRETS = ("Ximena Quintero", "xq@example.com", "my landlord Zoltan", "zoltan-notice", WORD)
KEYS = {
    "page": ("need", "household"),
    "method": ("bank", "check"),
    "kind": ("json", "pdf"),
}


def addresses(world: World, document: Document) -> Iterator[str]:
    """Every address of a worker's page; a part that is not known here is an error, not a page left out."""
    values = {**KEYS, "slug": [world.fund.slug], "document_id": [str(document.id)]}
    for route in site_map.routes(public_urls.urlpatterns):
        if not route.startswith(OURS):
            continue
        for each in site_map.filled(route, values):
            assert "<" not in each, f"say in KEYS what stands for {each}"
            yield each


@pytest.fixture
def world(db: None, settings, tmp_path) -> World:
    settings.FILES_DIR = tmp_path / "files"
    return builders.make_world(now=timezone.now() - timedelta(days=1))


def asked(
    world: World, email: str, name: str, statement: str = "", *, photo: str = "stub", sends: bool = True
) -> Walk:
    """A worker with a photo, who sent the form or has it lying."""
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE, name={"full_name": name})
    walk.prove(email)
    walk.answer(*AFTER_CODE[:-1])
    file = SimpleUploadedFile(f"{photo}.jpg", nasty.a_photo())
    assert walk.post("apply/proof/add/", {"file": file}).status_code == 302
    walk.answer("proof")
    walk.answer("anything-else", **{"anything-else": {"statement": statement}})
    if sends:
        walk.send()
    return walk


@pytest.fixture(params=[True, False], ids=["sent", "draft"])
def theirs(world: World, request) -> Walk:
    """The worker whom all others are after."""
    walk = asked(
        world,
        "xq@example.com",
        "Ximena Quintero",
        "my landlord Zoltan",
        photo="zoltan-notice",
        sends=request.param,
    )
    row = AssistanceRequest.objects.first()
    if row is not None:
        reviewer = world.actor(Role.REVIEWER)
        messages.reply(request_id=row.id, text=WORD, came_by="PAGE", by=reviewer, now=timezone.now())
    return walk


def others(world: World) -> dict[str, Client]:
    """Everybody else who may hold a session in this browser or another."""
    neighbour = builders.make_world(name="Harbor Relief", now=timezone.now() - timedelta(days=1))
    staff, helper = Client(), Client()
    staff.force_login(User.objects.get(id=neighbour.actor(Role.REVIEWER).person_id))
    helper.force_login(User.objects.get(id=world.actor(Role.TREASURER_PREPARES).person_id))
    return {
        "nobody": Client(),
        "another worker": asked(world, "other@example.com", "Other Person").client,
        "a worker of another fund": asked(neighbour, "far@example.com", "Far Away").client,
        "staff of another fund": staff,
        "staff who may not read files": helper,
    }


def what_is_theirs() -> list[object]:
    """Every row of the worker, as it stands."""
    who = next(row for row in Applicant.objects.order_by("id") if row.full_name in {"Ximena Quintero", ""})
    requests = AssistanceRequest.objects.filter(applicant=who)
    drafts = Draft.objects.filter(applicant=who)
    rows = [
        who,
        *requests,
        *drafts,
        *Document.objects.filter(request__in=requests),
        *Document.objects.filter(draft_id__in=drafts.values_list("id", flat=True)),
        *RequestRevision.objects.filter(request__in=requests),
        *Message.objects.filter(request__in=requests),
    ]
    return sorted((type(row).__name__, str(row.pk), str(model_to_dict(row))) for row in rows)


def test_no_page_of_a_worker_opens_or_changes_for_anyone_else(world: World, theirs: Walk):
    document = Document.objects.order_by("created_at", "id").first()
    people, before = others(world), what_is_theirs()

    found = []
    for address in addresses(world, document):
        for who, client in people.items():
            for verb in VERBS:
                answer = client.generic(verb, address)
                body = answer.content.decode(errors="replace") if not answer.streaming else "a file"
                is_there = str(document.id) in address and answer.status_code not in {404, 405}
                if answer.status_code >= 500 or is_there or any(word in body for word in SECRETS):
                    found.append((verb, address, who, answer.status_code))

    assert found == []
    assert what_is_theirs() == before


def test_control_the_worker_sees_all_of_it(world: World):
    walk = asked(world, "xq@example.com", "Ximena Quintero", "my landlord Zoltan", photo="zoltan-notice")
    row = AssistanceRequest.objects.get()
    reviewer = world.actor(Role.REVIEWER)
    messages.reply(request_id=row.id, text=WORD, came_by="PAGE", by=reviewer, now=timezone.now())
    document = Document.objects.get()

    shown = ""
    for address in addresses(world, document):
        answer = walk.client.get(address)
        shown += "" if answer.streaming else answer.content.decode(errors="replace")

    assert [word for word in SECRETS if word not in shown] == []
    assert walk.get(f"request/photos/{document.id}/").status_code == 200
