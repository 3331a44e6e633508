"""Restricted money is set free by two people over a letter or an order, out of what is available, once."""

from uuid import uuid4

import pytest
from builders import NOW, make_commitment, make_donor, make_world, put_money_in
from calling import make_file
from casework import add_role
from restricted import keep_letter, make_release, propose_release, tie_money

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Restriction, RestrictionRelease
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import proof, receipts, releases
from requests_app.queries import means

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(reserve_bp=0)


@pytest.fixture
def tied(world):
    """5,000 cents tied to health premiums, which nobody needs."""
    return tie_money(world, 5_000)


def held(world, restriction):
    """What each account of a restriction holds."""
    return {code: cents for code, name, cents in books.balances(world.fund.id) if name == restriction.name}


def hold(world, restriction_id, cents):
    posting = postings.hold(award_id=uuid4(), shares=[(restriction_id, cents)])
    ledger.post(posting, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)


def test_what_is_set_free_leaves_its_restriction_and_may_be_awarded_to_anyone(world, tied):
    put_money_in(world, 1_000)
    before = means.read(world.fund.id)

    release = make_release(world, propose_release(world, tied, 2_000))

    after = means.read(world.fund.id)
    assert release.state == ProposalState.MADE
    assert (before.stranded_cents, after.stranded_cents) == (5_000, 3_000)
    assert (before.unrestricted_available_cents, after.unrestricted_available_cents) == (1_000, 3_000)
    assert before.cash_cents == after.cash_cents
    general = funds.general_restriction(world.fund.id)
    assert held(world, tied)[Code.AVAILABLE] == 3_000
    assert held(world, general)[Code.NET_ASSETS_FREE] == 2_000
    assert proof.check_books() == []
    (transfer,) = books.transfers_of(release.id)
    assert transfer.move == "RESTRICTION_RELEASE"


def test_nothing_moves_until_another_person_decides(world, tied):
    release = propose_release(world, tied, 2_000)

    assert books.transfers_of(release.id) == []
    assert books.available_by_restriction(world.fund.id)[tied.id] == 5_000


def test_whoever_proposed_it_decides_nothing(world, tied):
    director = world.actor(Role.DIRECTOR)
    release = propose_release(world, tied, 2_000)
    add_role(world, director, Role.TREASURER_RELEASES)

    for decide in (releases.make, releases.refuse):
        with pytest.raises(errors.SelfApproval):
            decide(release_id=release.id, by=director, now=NOW)
    assert RestrictionRelease.objects.get().state == ProposalState.PROPOSED


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TREASURER_RELEASES}))
def test_only_a_treasurer_who_releases_decides(world, tied, role):
    release = propose_release(world, tied, 2_000)

    with pytest.raises(errors.Forbidden):
        releases.make(release_id=release.id, by=world.actor(role), now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DIRECTOR}))
def test_only_the_director_proposes(world, tied, role):
    with pytest.raises(errors.Forbidden):
        propose_release(world, tied, 2_000, by=world.actor(role))


def test_the_program_itself_proposes_and_decides_nothing(world, tied):
    with pytest.raises(errors.PersonRequired):
        propose_release(world, tied, 2_000, by=actors.SYSTEM)
    release = propose_release(world, tied, 2_000, document_id=keep_letter(world, tied, b"Again.").id)
    with pytest.raises(errors.PersonRequired):
        releases.make(release_id=release.id, by=actors.SYSTEM, now=NOW)


def test_a_release_is_decided_once(world, tied):
    release = make_release(world, propose_release(world, tied, 2_000))

    for decide in (releases.make, releases.refuse):
        with pytest.raises(errors.AlreadyDecided):
            decide(release_id=release.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    assert len(books.transfers_of(release.id)) == 1


def test_a_refused_release_moves_nothing(world, tied):
    release = propose_release(world, tied, 2_000)

    row = releases.refuse(release_id=release.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    assert row.state == ProposalState.REFUSED
    assert books.transfers_of(release.id) == []
    assert proof.check_books() == []


@pytest.mark.parametrize(
    ("amount_cents", "sentence"),
    [(0, "at least one cent"), (-5, "at least one cent"), (5_001, "Only $50.00 of this money is available")],
)
def test_an_amount_that_is_not_there_is_refused(world, tied, amount_cents, sentence):
    with pytest.raises(errors.InvalidInput) as refused:
        propose_release(world, tied, amount_cents)

    assert sentence in refused.value.problems[0].sentence


def test_what_was_promised_since_is_not_set_free(world, tied):
    release = propose_release(world, tied, 5_000)
    hold(world, tied.id, 1_000)

    with pytest.raises(errors.InsufficientFunds, match=r"Only \$40.00 of this money is available"):
        make_release(world, release)
    assert RestrictionRelease.objects.get().state == ProposalState.PROPOSED


def test_the_letter_must_be_about_this_restriction(world, tied):
    other = tie_money(world, 1_000, name="Grips")
    elsewhere = make_world(name="Harbor Relief")
    strangers = [
        uuid4(),
        keep_letter(world, other).id,
        keep_letter(elsewhere, tie_money(elsewhere, 1_000)).id,
        make_file(world, make_commitment(world, make_donor(world), 100)).id,
    ]

    for document_id in strangers:
        with pytest.raises(errors.InvalidInput) as refused:
            propose_release(world, tied, 1_000, document_id=document_id)
        assert refused.value.problems[0].field == "document_id"


def test_a_signed_pledge_of_the_restriction_may_stand_behind_it(world, tied):
    commitment = make_commitment(world, make_donor(world), 100, restriction_id=tied.id)

    release = propose_release(world, tied, 1_000, document_id=make_file(world, commitment).id)

    assert make_release(world, release).state == ProposalState.MADE


def test_money_tied_to_nothing_has_nothing_to_release(world):
    put_money_in(world, 1_000)
    general = Restriction.objects.get(fund=world.fund)

    with pytest.raises(errors.WrongState, match="tied to nothing"):
        propose_release(world, general, 500)


def test_freed_money_fills_the_hole_of_a_bounced_gift_first(world, tied):
    gift = put_money_in(world, 1_000)
    general = funds.general_restriction(world.fund.id)
    hold(world, general.id, 1_000)
    by = world.actor(Role.TREASURER_PREPARES)
    receipts.bounce(receipt_id=gift.id, reason="Unpaid.", by=by, now=NOW)

    make_release(world, propose_release(world, tied, 1_500))

    assert books.available_by_restriction(world.fund.id)[general.id] == 500
    assert held(world, general)[Code.UNCOVERED] == 0
    assert proof.check_books() == []


def test_each_step_is_in_the_trail(world, tied):
    release = make_release(world, propose_release(world, tied, 2_000))

    events = Event.objects.filter(object_id=release.id).order_by("link__sequence")
    assert [(event.verb, event.actor) for event in events] == [
        ("release.proposed", world.actor(Role.DIRECTOR).key),
        ("release.made", world.actor(Role.TREASURER_RELEASES).key),
    ]


def test_another_funds_release_is_not_there(world, tied):
    release = propose_release(world, tied, 2_000)
    other = make_world(name="Harbor Relief")

    with pytest.raises(errors.NotFound):
        releases.make(release_id=release.id, by=other.actor(Role.TREASURER_RELEASES), now=NOW)
    with pytest.raises(errors.NotFound):
        releases.make(release_id=uuid4(), by=other.actor(Role.TREASURER_RELEASES), now=NOW)
