"""The letters with donors' links: one each, in the donor's language, and none to an old address."""

from datetime import timedelta

import pytest
from builders import NOW, make_donor, make_world
from django.core import mail
from giving import ADDRESS, deliver, give_address

from fundmgr.domain.languages import Language
from fundmgr.domain.permissions import Role
from fundmgr.models import DonorLink, OutboxMessage
from fundmgr.queries import donor_links as queries
from requests_app.models import Notice
from requests_app.services import donor_link_mail, donor_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def send(world, donor):
    return donor_links.send(donor_id=donor.id, by=world.actor(Role.DIRECTOR), now=NOW)


def test_a_letter_is_written_in_the_donors_language(world):
    donor = give_address(world, make_donor(world), language=Language.SPANISH)
    send(world, donor)

    deliver(NOW)

    assert mail.outbox[0].subject == f"Qué se hizo con su donación a {world.fund.name}"
    assert "10 veces" in mail.outbox[0].body


def test_a_letter_made_again_is_the_same_and_sent_once(world):
    send(world, give_address(world, make_donor(world)))
    first = deliver(NOW)
    message = OutboxMessage.objects.get(kind="donor_link")

    donor_link_mail.send(message=message, now=NOW)

    assert len(mail.outbox) == len(first) == 1
    Notice.objects.all().delete()
    donor_link_mail.send(message=message, now=NOW)
    assert mail.outbox[1].body == mail.outbox[0].body


def test_no_letter_goes_to_an_old_address_or_after_the_links_time(world):
    donor = give_address(world, make_donor(world))
    send(world, donor)
    give_address(world, donor, "other@example.org")
    send(world, donor)

    assert deliver(NOW + timedelta(days=4)) == []
    assert mail.outbox == []


def test_two_donors_of_one_address_get_a_letter_each(world):
    for name in ("The founder", "The founder's company"):
        give_address(world, make_donor(world, name=name))
    other = make_world(name="Other fund")
    give_address(other, make_donor(other))
    donor_links.ask(fund_id=world.fund.id, contact=ADDRESS, now=NOW)

    assert len(set(deliver(NOW))) == 2


def test_an_ask_that_went_is_answered_by_nothing(world):
    message = OutboxMessage(payload={"ask_id": str(world.fund.id)}, effect_key="x")

    donor_link_mail.answer(message=message, now=NOW)

    assert not DonorLink.objects.exists()


def test_no_row_holds_the_token(world):
    link = send(world, give_address(world, make_donor(world)))
    token = queries.token_of(link.id)

    assert token not in str(list(DonorLink.objects.values()) + list(OutboxMessage.objects.values()))
