"""Batches built by one treasurer and released by another, on the pages of the console."""

import hashlib
from datetime import timedelta

import pytest
from builders import make_world, put_money_in
from casework import accepted_awards, add_role, build, make_awards
from console import Staff, new_token, summary_of, text_of

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import proof
from requests_app.models import Batch, Payout
from requests_app.services import award_days

pytestmark = pytest.mark.django_db


def paying_world(amounts=(240_000, 120_000)):
    """Two awards whose workers chose a bank transfer."""
    world = make_world()
    put_money_in(world, 50_000_000)
    return world, accepted_awards(world, list(amounts))


def page_of(batch: Batch) -> str:
    """A batch's page."""
    return f"batches/{public('bat', batch.id)}/"


def test_money_goes_out_page_by_page():
    world, awards = paying_world()
    preparer, releaser = Staff(world, Role.TREASURER_PREPARES), Staff(world, Role.TREASURER_RELEASES)
    assert "2 awards of $2,700 can be paid now." in text_of(preparer.get("payouts/"))

    answer = preparer.post("batches/new/", {"award": [public("awd", row.id) for row in awards]})
    batch = Batch.objects.get()
    assert answer["Location"] == preparer.address(page_of(batch))
    assert "You prepared this. Another treasurer must release it." in text_of(preparer.get(page_of(batch)))
    assert "Release 2 for $2,700.00" in text_of(releaser.get(page_of(batch)))

    assert releaser.post(f"{page_of(batch)}release/").status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.released_by_id) == ("RELEASED", releaser.actor.person_id)
    assert batch.payment_list_sha256 in text_of(releaser.get(page_of(batch)))

    payouts = [public("pay", row.id) for row in Payout.objects.order_by("amount_cents")]
    assert releaser.post(f"{page_of(batch)}settle/", {"payout": payouts[:1]}).status_code == 302
    assert (
        releaser.post(f"{page_of(batch)}returned/", {"payout": payouts[1], "code": "r03"}).status_code == 302
    )
    states = dict(Payout.objects.values_list("amount_cents", "state"))
    assert states == {120_000: "SETTLED", 150_000: "RETURNED"}
    assert "R03" in text_of(releaser.get(page_of(batch)))
    assert "Came back before" in text_of(preparer.get("batches/new/"))
    assert proof.check_books() == []


def test_ones_own_batch_is_403_with_the_sentence():
    world, _ = paying_world()
    add_role(world, world.actor(Role.TREASURER_PREPARES), Role.TREASURER_RELEASES)
    batch = build(world)

    answer = Staff(world, Role.TREASURER_PREPARES).post(f"{page_of(batch)}release/")

    assert answer.status_code == 403
    assert summary_of(answer)
    assert "Another treasurer must release it" in text_of(answer)
    batch.refresh_from_db()
    assert batch.state == "BUILT"


def test_a_release_sent_twice_pays_once():
    world, _ = paying_world()
    batch = build(world)
    desk, token = Staff(world, Role.TREASURER_RELEASES), new_token()

    for _ in range(2):
        assert desk.post(f"{page_of(batch)}release/", token=token).status_code == 302
    assert desk.post(f"{page_of(batch)}release/").status_code == 409
    assert Payout.objects.filter(state="RELEASED").count() == 2


def test_the_payment_list_is_downloaded_and_the_trail_keeps_who_took_it():
    world, _ = paying_world()
    batch = build(world)
    releaser = Staff(world, Role.TREASURER_RELEASES)
    releaser.post(f"{page_of(batch)}release/")

    answer = releaser.post(f"{page_of(batch)}list/")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="batch-1.csv"' in answer["Content-Disposition"]
    batch.refresh_from_db()
    assert hashlib.sha256(answer.content).hexdigest() == batch.payment_list_sha256
    assert Event.objects.get(verb="batch.list_read").actor == releaser.actor.key
    for role in (Role.DIRECTOR, Role.AUDITOR):
        assert Staff(world, role).post(f"{page_of(batch)}list/").status_code == 403


def test_before_the_release_there_is_no_list():
    world, _ = paying_world()
    batch = build(world)

    answer = Staff(world, Role.TREASURER_RELEASES).post(f"{page_of(batch)}list/")

    assert answer.status_code == 409
    assert "written when the batch is released" in text_of(answer)


def test_a_batch_is_cancelled_and_its_awards_wait_again():
    world, _ = paying_world()
    batch = build(world)
    desk = Staff(world, Role.TREASURER_PREPARES)

    assert desk.post(f"{page_of(batch)}cancel/").status_code == 302
    assert desk.post(f"{page_of(batch)}cancel/").status_code == 409
    assert "2 awards of $2,700 can be paid now." in text_of(desk.get("payouts/"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Tick at least one award."),
        ({"award": ["x"]}, "Choose from the rows of this page."),
        ({"award": ["req_" + "0" * 32]}, "Choose from the rows of this page."),
    ],
)
def test_a_batch_of_nothing_is_told(sent, said):
    world, _ = paying_world()

    answer = Staff(world, Role.TREASURER_PREPARES).post("batches/new/", sent)

    assert answer.status_code == 422
    assert said in summary_of(answer)
    assert not Batch.objects.exists()


def test_an_award_is_not_taken_twice():
    world, awards = paying_world()
    build(world, award_ids=[awards[0].id])

    answer = Staff(world, Role.TREASURER_PREPARES).post(
        "batches/new/", {"award": [public("awd", awards[0].id)]}
    )

    assert answer.status_code == 409
    assert Batch.objects.count() == 1


def test_awards_without_payment_details_are_not_on_the_list():
    world = make_world()
    put_money_in(world, 50_000_000)
    make_awards(world, [100_000])
    desk = Staff(world, Role.TREASURER_PREPARES)

    assert "Nothing can be paid now" in text_of(desk.get("batches/new/"))
    assert "1 wait for payment details" in text_of(desk.get("payouts/"))
    assert "Waits for payment details" in text_of(desk.get("awards/"))


def test_the_awards_show_their_last_day_and_which_of_them_expired():
    world = make_world()
    put_money_in(world, 50_000_000)
    (award,) = make_awards(world, [100_000])
    desk = Staff(world, Role.TREASURER_PREPARES)
    assert "October 18" in text_of(desk.get("awards/"))

    award_days.expire(fund_id=world.fund.id, now=award.accept_by + timedelta(seconds=1))

    assert award.request.reference in text_of(desk.get("awards/", state="EXPIRED"))
    assert "1 wait for payment details" not in text_of(desk.get("payouts/"))


@pytest.mark.parametrize("code", ["", "!", "toolongforacode", "R\x003"])
def test_a_return_code_that_is_none_is_told(code):
    world, _ = paying_world()
    batch = build(world)
    desk = Staff(world, Role.TREASURER_RELEASES)
    desk.post(f"{page_of(batch)}release/")
    payout = public("pay", Payout.objects.first().id)

    answer = desk.post(f"{page_of(batch)}returned/", {"payout": payout, "code": code})

    assert answer.status_code == 422
    assert summary_of(answer)
    assert not Payout.objects.filter(state="RETURNED").exists()


def test_settling_nothing_or_something_else_is_told():
    world, _ = paying_world()
    batch = build(world)
    desk = Staff(world, Role.TREASURER_RELEASES)
    payout = public("pay", Payout.objects.first().id)

    assert desk.post(f"{page_of(batch)}settle/").status_code == 422
    assert desk.post(f"{page_of(batch)}settle/", {"payout": payout}).status_code == 409
    assert desk.post(f"{page_of(batch)}settle/", {"payout": "pay_" + "0" * 32}).status_code == 404


def test_account_numbers_are_never_shown_whole():
    world, _ = paying_world()
    batch = build(world)

    words = text_of(Staff(world, Role.TREASURER_RELEASES).get(page_of(batch)))

    assert "***0000" in words
    assert "000000000" not in words


def test_payouts_and_batches_are_listed_and_filtered():
    world, _ = paying_world()
    build(world)
    desk = Staff(world, Role.AUDITOR)

    assert "Batch 1" in text_of(desk.get("batches/"))
    assert "In a batch" in text_of(desk.get("payouts/", state="BATCHED"))
    assert "No payment here" in text_of(desk.get("payouts/", state="RETURNED"))
    assert desk.get("payouts/", state="nonsense").status_code == 200
    assert desk.get("awards/", state="nonsense").status_code == 200
