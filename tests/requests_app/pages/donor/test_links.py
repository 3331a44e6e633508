"""A donor's way to their own view: the same answer for all, and links that end."""

from datetime import timedelta

import pytest
from builders import make_commitment, make_donor, make_world
from django.core import mail
from django.test import Client
from django.utils import timezone
from giving import ADDRESS, Giver, deliver, give_address

from fundmgr.domain.permissions import Role
from fundmgr.models import DonorLink, Event
from requests_app.services import donor_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def donor(world):
    return give_address(world, make_donor(world))


@pytest.fixture
def link(world, donor):
    """A link as the donor's letter holds it."""
    now = timezone.now()
    donor_links.send(donor_id=donor.id, by=world.actor(Role.DIRECTOR), now=now)
    (found,) = deliver(now)
    return found


def test_an_address_is_asked_for_and_its_link_shows_the_donors_page(world, donor):
    giver = Giver(world)
    assert giver.ask(" Founder@Example.org ").status_code == 302
    (found,) = deliver(timezone.now())

    looked = giver.get(found)
    shown = giver.open(found)

    assert (looked.status_code, shown.status_code) == (200, 200)
    assert donor.name not in looked.content.decode()
    assert donor.name in shown.content.decode()
    assert mail.outbox[0].to == [ADDRESS]
    assert [event.verb for event in Event.objects.filter(verb__startswith="donor_link").order_by("link")] == [
        "donor_link.sent",
        "donor_link.opened",
    ]


def test_known_and_unknown_addresses_get_the_same_answer(world, donor):
    known, unknown = (Giver(world).ask(address) for address in (ADDRESS, "nobody@example.org"))

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content
    own = {"X-Request-Id"}
    assert {*known.headers.items()} - {*unknown.headers.items()} <= {(name, known[name]) for name in own}
    assert len(deliver(timezone.now())) == 1


@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.org"])
def test_the_sixth_ask_in_an_hour_is_refused_whoever_it_names(world, donor, address):
    giver = Giver(world)

    answers = [giver.ask(address) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "You asked five times in one hour." in answers[-1].content.decode()


@pytest.mark.parametrize("typed", ["", "founder", "founder@", "x" * 250 + "@example.org", "\x00@example.org"])
def test_what_is_no_address_is_told_in_words_and_kept(world, typed):
    answer = Giver(world).ask(typed)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_looking_at_a_link_uses_up_no_opening(world, link):
    giver = Giver(world)
    for _ in range(12):
        assert giver.get(link).status_code == 200

    assert DonorLink.objects.get().opens == 0


def test_a_link_opens_so_many_times(world, link, settings):
    for _ in range(settings.DONOR_LINK_OPENS):
        assert Giver(world).open(link).status_code == 200

    late = Giver(world)
    assert (late.get(link).status_code, late.open(link).status_code) == (410, 410)
    assert "This link is over" in late.open(link).content.decode()
    assert DonorLink.objects.get().opens == settings.DONOR_LINK_OPENS


def test_a_link_and_the_page_it_opened_end_with_its_time(world, link):
    giver = Giver(world)
    assert giver.open(link).status_code == 200

    DonorLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert (giver.get("view/").status_code, giver.get(link).status_code) == (410, 410)


@pytest.mark.parametrize("address", ["other@example.org", None])
def test_links_end_when_the_donor_has_another_address(world, donor, link, address):
    giver = Giver(world)
    assert giver.open(link).status_code == 200

    give_address(world, donor, address)

    assert (giver.get("view/").status_code, Giver(world).open(link).status_code) == (410, 410)
    assert DonorLink.objects.get().ended_at is not None


def test_the_same_address_in_other_letters_ends_no_link(world, donor, link):
    give_address(world, donor, "FOUNDER@example.org")

    assert Giver(world).open(link).status_code == 200


def test_a_link_of_one_fund_opens_nothing_in_another(world, link):
    other = make_world(name="Other fund")
    giver = Giver(other)

    answer = giver.open(link.replace(world.fund.slug, other.fund.slug))

    assert answer.status_code == 410


@pytest.mark.parametrize("token", ["0" * 64, "short", "donor"])
def test_a_link_that_never_was_opens_nothing(world, link, token):
    giver = Giver(world)

    assert giver.get(f"open/{token}/").status_code == 410
    assert giver.open(f"{giver.root}open/{token}/").status_code == 410


def test_without_a_link_there_is_no_view(world, donor):
    giver = Giver(world)

    assert giver.get("view/").status_code == 410
    assert giver.get("view/letter-1.pdf").status_code == 404


def test_a_cookie_that_nobody_signed_opens_nothing(world, link):
    giver = Giver(world)
    giver.browser.cookies["donor"] = DonorLink.objects.get().id.hex

    assert giver.get("view/").status_code == 410


def test_closing_the_page_leaves_nothing_in_the_browser(world, link):
    giver = Giver(world)
    giver.open(link)

    left = giver.browser.post(f"{giver.root}leave/")

    assert left.status_code == 302
    assert giver.get("view/").status_code == 410


def test_no_page_of_a_donor_is_kept_or_found(world, link):
    giver = Giver(world)
    shown = giver.open(link)
    answers = [shown, giver.get(), giver.get("sent/"), giver.get(link), Giver(world).get("view/")]

    assert {answer["Cache-Control"] for answer in answers} == {"no-store, private"}
    assert {answer["X-Robots-Tag"] for answer in answers} == {"noindex, nofollow"}
    assert all("noindex" in answer.content.decode() for answer in answers)


def test_the_pages_speak_spanish(world, link):
    giver = Giver(world, accept_language="es")

    assert "Vea qué se hizo con su donación" in giver.get().content.decode()
    assert "Qué se hizo con su donación" in giver.open(link).content.decode()


def test_the_public_page_leads_donors_there(world, donor):
    make_commitment(world, donor, 1_000)

    assert f"/f/{world.fund.slug}/donor/" in Client().get(f"/f/{world.fund.slug}/").content.decode()
