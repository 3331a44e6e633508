"""The demo's pages: one click in the demo, nothing anywhere else."""

from datetime import UTC, datetime

import pytest
from builders import World, file_request, make_world
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from walking import heading_of

from fundmgr.domain.permissions import Role
from fundmgr.services import background
from requests_app.models import Notice

PAGES = ["/demo/", "/demo/mail/"]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def demo(settings: LazySettings) -> LazySettings:
    settings.DEMO = True
    return settings


@pytest.mark.parametrize("path", PAGES)
def test_outside_the_demo_there_is_nothing(client: Client, world: World, path: str) -> None:
    person = world.actor(Role.DIRECTOR).person_id

    assert client.get(path).status_code == 404
    assert client.post("/demo/").status_code == 404
    assert client.post(f"/demo/as/{person}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_one_click_signs_in_as_each_role(client: Client, world: World, demo: LazySettings) -> None:
    page = client.get("/demo/").content.decode()

    for role, actor in world.staff.items():
        assert f"/demo/as/{actor.person_id}/" in page, role
        assert client.post(f"/demo/as/{actor.person_id}/").url == "/staff/"
        assert client.session["_auth_user_id"] == str(actor.person_id)


def test_one_click_shows_a_workers_request(client: Client, world: World, demo: LazySettings) -> None:
    row = file_request(world)

    response = client.post("/demo/", follow=True)

    assert row.reference in response.content.decode()


def test_nobody_but_the_staff_can_be_become(client: Client, world: World, demo: LazySettings) -> None:
    assert client.post("/demo/as/018aa905-2000-7459-b5a6-8dc12d2caa99/").status_code == 404


def test_the_messages_are_shown_with_their_codes(client: Client, world: World, demo: LazySettings) -> None:
    response = client.post(f"/f/{world.fund.slug}/sign-in/", {"email": "ana@example.com"})
    background.deliver(clock=timezone.now)

    mail = client.get("/demo/mail/")
    code_page = client.get(response.url).content.decode()

    assert heading_of(mail) == "Messages sent"
    assert "Your code is" in mail.content.decode()
    assert "Demo data: your code is" in code_page


def test_an_older_code_is_not_shown_while_the_new_one_is_on_its_way(
    client: Client, world: World, demo: LazySettings
) -> None:
    code_page = f"/f/{world.fund.slug}/sign-in/code/"
    client.post(f"/f/{world.fund.slug}/sign-in/", {"email": "ana@example.com"})
    background.deliver(clock=timezone.now)
    assert "Demo data: your code is" in client.get(code_page).content.decode()

    client.post(f"/f/{world.fund.slug}/sign-in/", {"email": "ana@example.com"})

    assert "Demo data: your code is" not in client.get(code_page).content.decode()
    background.deliver(clock=timezone.now)
    assert "Demo data: your code is" in client.get(code_page).content.decode()


def test_the_messages_tell_their_time_by_the_clock_of_the_fund(
    client: Client, world: World, demo: LazySettings
) -> None:
    """Evening in Los Angeles is the next day by UTC."""
    client.post(f"/f/{world.fund.slug}/sign-in/", {"email": "ana@example.com"})
    background.deliver(clock=timezone.now)
    Notice.objects.update(sent_at=datetime(2023, 9, 20, 2, 31, tzinfo=UTC))

    shown = client.get("/demo/mail/").content.decode()

    assert "Sep\N{NO-BREAK SPACE}19, 7:31\N{NO-BREAK SPACE}pm" in shown
    assert "Sep\N{NO-BREAK SPACE}20" not in shown
