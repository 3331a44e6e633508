"""The demo's people are the same for the same seed and moment."""

from datetime import UTC, datetime

from requests_app.demo import asks

OPENED = datetime(2023, 9, 8, 18, 0, tzinfo=UTC)


def test_the_same_seed_and_moment_make_the_same_people():
    assert asks.people(opened_at=OPENED) == asks.people(opened_at=OPENED)


def test_nobody_shares_a_contact_and_everybody_arrives_in_order():
    people = asks.people(opened_at=OPENED)

    assert len({person.contact for person in people}) == 1_700
    moments = [person.submitted_at for person in people]
    assert moments == sorted(moments)


def test_everybody_wrote_the_title_of_their_job():
    assert all(person.ask.job_title for person in asks.people(opened_at=OPENED))


def test_a_duplicate_carries_the_name_of_somebody_who_asked_before():
    people = asks.people(opened_at=OPENED)

    for place, person in enumerate(people):
        if person.outcome == "DUPLICATE":
            assert person.ask.full_name in {other.ask.full_name for other in people[:place]}
