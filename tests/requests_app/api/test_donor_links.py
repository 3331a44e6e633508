"""Links to donors' own views over the API: the link itself is in the letter alone."""

import builders
import pytest
from calling import code_of
from django.core import mail
from django.utils import timezone
from giving import deliver, give_address

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import DonorLink


@pytest.fixture
def donor(world):
    return builders.make_donor(world)


def path_of(donor) -> str:
    return f"donors/{ids.public('don', donor.id)}/view-links"


def test_a_link_is_sent_once_and_listed_without_its_token(program, world, donor):
    give_address(world, donor)
    treasury = program(Role.TREASURER_PREPARES)

    first = treasury.post(path_of(donor), key="one")
    again = treasury.post(path_of(donor), key="one")
    (link,) = deliver(timezone.now())

    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert again["Idempotent-Replayed"] == "true"
    assert treasury.get(path_of(donor)).json()["data"] == [first.json()]
    assert (first.json()["opens"], first.json()["ended_at"]) == (0, None)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in treasury.get(path_of(donor)).content.decode()
    assert len(mail.outbox) == 1


def test_a_donor_without_a_mail_address_is_sent_nothing(program, world, donor):
    give_address(world, donor, "(213) 555-0100")

    answer = program(Role.TREASURER_PREPARES).post(path_of(donor))

    assert (answer.status_code, code_of(answer)) == (409, "wrong_state")
    assert not DonorLink.objects.exists()


def test_the_sixth_link_in_an_hour_is_refused(program, world, donor):
    give_address(world, donor)
    treasury = program(Role.TREASURER_PREPARES)

    answers = [treasury.post(path_of(donor)) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert code_of(answers[-1]) == "too_many_tries"


def test_only_who_records_commitments_sends_links(program, world, donor):
    give_address(world, donor)
    auditor = program(Role.AUDITOR)

    assert code_of(auditor.post(path_of(donor))) == "forbidden"
    assert auditor.get(path_of(donor)).json()["data"] == []
    assert code_of(program(Role.REVIEWER).get(path_of(donor))) == "forbidden"


def test_a_donor_of_another_fund_is_not_there(program, donor):
    other = builders.make_donor(builders.make_world(name="Other fund"))

    assert code_of(program(Role.DIRECTOR).post(path_of(other))) == "not_found"
