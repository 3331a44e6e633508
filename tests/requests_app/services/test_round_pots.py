"""Rounds over restricted money: who may be paid from which pot, and what each award is paid from."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_world, put_money_in
from django.db import IntegrityError, transaction
from waiting import make_requests

from fundmgr.domain import errors
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.lifecycle import RoundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Restriction
from fundmgr.queries import books
from fundmgr.services import funds, proof
from requests_app.models import Award, AwardShare, RoundPot, RoundRequest
from requests_app.queries import pots
from requests_app.services import rounds

EQUAL = {"version": 1, "rule": "equal_awards"}
QUEUE = {"version": 1, "rule": "queue", "last": "partial"}


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 100_000)
    return made


def tied(world, name, cents, rule, **options):
    row = funds.add_restriction(
        fund_id=world.fund.id,
        name=name,
        wording="",
        rule=rule,
        by=world.actor(Role.DIRECTOR),
        now=NOW,
        **options,
    )
    put_money_in(world, cents, bank_reference=f"WIRE-{name}", restriction_id=row.id)
    return row


def propose(world, rule=EQUAL):
    return rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW)


def approve(world, row):
    return rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)


def lines_of(request):
    rows = AwardShare.objects.filter(award__request=request).order_by("-restriction__is_general")
    return list(rows.values_list("restriction__name", "amount_cents"))


def test_invariant_04_each_line_of_an_award_is_allowed_by_its_restriction(world):
    grips = tied(world, "Grips", 50_000, {"crafts": ["grip"]})
    [grip] = make_requests(world, [150_000], craft="Grip")
    [editor] = make_requests(world, [150_000], craft="Editor")

    row = approve(world, propose(world))

    assert row.state == RoundState.COMMITTED
    assert (row.estate_cents, row.awarded_cents, row.leftover_cents) == (150_000, 150_000, 0)
    general = Restriction.objects.get(fund=world.fund, is_general=True).name
    # Both stand at the same level; the narrow pot is used first, so that free money stays free.
    assert lines_of(grip) == [(general, 25_000), ("Grips", 50_000)]
    assert lines_of(editor) == [(general, 75_000)]
    for award in Award.objects.all():
        assert sum(award.shares.values_list("amount_cents", flat=True)) == award.amount_cents
    assert books.available_by_restriction(world.fund.id)[grips.id] == 0
    assert proof.check_books() == []


def test_a_pot_for_one_kind_of_need_pays_at_most_that_part(world):
    tied(world, "Health", 90_000, {"categories": ["HEALTH"]})
    lines = [(NeedCategory.HEALTH, 30_000), (NeedCategory.RENT, 120_000)]
    both = make_requests(world, [150_000, 150_000], need_lines=lines)

    propose(world)

    for member in RoundRequest.objects.all():
        assert member.usable_cents == [150_000, 30_000]
        assert member.share_cents[1] <= 30_000
        assert sum(member.share_cents) == member.award_cents
    assert len(both) == RoundRequest.objects.count()


def test_a_pot_that_may_pay_a_part_pays_it_however_little_the_others_hold(world):
    tied(world, "Health", 5_000_000, {"categories": ["HEALTH"]})
    make_requests(world, [150_000, 120_000], need_lines=[(NeedCategory.HEALTH, 65_000)])

    row = propose(world)

    # The general $1,000.00 and the $650.00 that health may pay of each.
    assert row.awarded_cents == 100_000 + 2 * 65_000
    shares = RoundRequest.objects.order_by("position").values_list("share_cents", flat=True)
    assert list(shares) == [[50_000, 65_000], [50_000, 65_000]]


def test_what_a_rule_may_pay_agrees_with_the_rule_read_one_by_one(world):
    tied(world, "Night shoots", 10_000, {"productions": ["Night Ferry"], "categories": ["FOOD"]})
    make_requests(
        world, [90_000, 20_000], production_name="night ferry", need_lines=[(NeedCategory.FOOD, 40_000)]
    )
    make_requests(world, [90_000], production_name="Badge 27", need_lines=[(NeedCategory.FOOD, 40_000)])

    propose(world)

    usable = RoundRequest.objects.values_list("usable_cents", flat=True)
    assert sorted(may[1] for may in usable) == [0, 20_000, 40_000]


def test_money_tied_by_words_alone_or_past_its_day_is_shared_by_no_rule(world):
    tied(world, "For the crews we love", 5_000, {})
    tied(world, "Last year", 7_000, {"crafts": ["grip"]}, expires_on=TODAY - timedelta(days=1))
    make_requests(world, [150_000])

    found = pots.estate(world.fund.id, now=NOW)
    row = propose(world)

    assert (found.to_share_cents, found.unruled_cents, found.restricted_cents) == (100_000, 12_000, 12_000)
    assert row.awarded_cents == 100_000
    assert RoundPot.objects.count() == 1


def test_a_rule_without_a_form_over_pots_shares_the_free_money_alone(world):
    tied(world, "Grips", 50_000, {"crafts": ["grip"]})
    [grip] = make_requests(world, [150_000])

    row = approve(world, propose(world, QUEUE))

    assert (row.estate_cents, row.awarded_cents) == (100_000, 100_000)
    assert [cents for _, cents in lines_of(grip)] == [100_000]
    assert list(row.pots.order_by("position").values_list("used_cents", flat=True)) == [100_000, 0]


def test_a_restricted_pot_that_nobody_may_use_stays_over(world):
    tied(world, "Puppeteers", 50_000, {"crafts": ["puppeteer"]})
    make_requests(world, [150_000], craft="Grip")

    row = propose(world)

    assert (row.awarded_cents, row.leftover_cents) == (100_000, 50_000)


def test_invariant_05_a_restriction_changed_after_the_freeze_voids_the_round(world):
    grips = tied(world, "Grips", 50_000, {"crafts": ["grip"]})
    make_requests(world, [150_000])
    row = propose(world)
    Restriction.objects.filter(id=grips.id).update(rule={"crafts": ["editor"]})

    with pytest.raises(errors.WrongState, match="What Grips may be used for changed"):
        approve(world, row)

    row.refresh_from_db()
    assert row.state == RoundState.VOID
    assert not Award.objects.exists()


def test_money_of_a_pot_that_is_gone_voids_the_round_even_where_other_money_is_left(world):
    grips = tied(world, "Grips", 50_000, {"crafts": ["grip"]})
    make_requests(world, [150_000])
    first = propose(world)
    RoundPot.objects.filter(round=first, restriction=grips).update(available_cents=60_000, used_cents=60_000)

    with pytest.raises(errors.WrongState, match="of Grips now"):
        approve(world, first)
    assert books.available_cents(world.fund.id) == 150_000


def test_a_pot_never_pays_more_than_it_held_when_frozen(world):
    make_requests(world, [150_000])
    row = propose(world)

    with pytest.raises(IntegrityError, match="round_pot_within"), transaction.atomic():
        RoundPot.objects.filter(round=row).update(used_cents=100_001)


def test_preview_and_proposal_say_the_same_over_pots(world):
    tied(world, "Grips", 50_000, {"crafts": ["grip"]})
    make_requests(world, [150_000, 90_000])
    make_requests(world, [40_000], craft="Editor")

    [told] = rounds.preview(fund_id=world.fund.id, rules=[EQUAL], by=world.actor(Role.BOARD), now=NOW)
    row = propose(world)

    assert told.spread.paid_cents == row.awarded_cents
    assert told.pots_used_cents == tuple(row.pots.order_by("position").values_list("used_cents", flat=True))
