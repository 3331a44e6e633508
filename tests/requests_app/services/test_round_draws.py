"""A draw: its list is frozen first, two people commit, both tell, and nobody can bend it on the way."""

from datetime import timedelta

import pytest
from builders import NOW, add_staff, make_world, put_money_in
from casework import add_client
from django.db import IntegrityError, connection, transaction
from waiting import make_requests

from fundmgr.allocation import draw
from fundmgr.domain import beacons, errors
from fundmgr.domain.lifecycle import AwardState, RequestState, RoundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, User
from requests_app.models import AllocationRound, AssistanceRequest, Award, RoundRequest, RoundSecret
from requests_app.queries import round_draws as standing
from requests_app.queries import round_lists
from requests_app.services import round_draws, rounds
from requests_app.services.draw_terms import DrawTerms

DRAW = {"version": 1, "rule": "draw", "last": "partial"}
NEEDS = [100_000, 80_000, 50_000, 120_000, 60_000]
FIRST, SECOND = "a secret of the director", "a secret of the approver"
BEACON = "ab" * 32
LATER = NOW + timedelta(hours=2)
IN_AN_HOUR = beacons.first_after(NOW + timedelta(hours=1))


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_000)
    return made


@pytest.fixture
def requests(world):
    return make_requests(world, NEEDS)


@pytest.fixture
def drafted(world, requests):
    return draft(world)


def draft(world, *, rule=DRAW, **terms):
    return rounds.draft(
        fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW, terms=DrawTerms(**terms)
    )


def commit(row, secret, by, *, now=NOW):
    hashed = draw.commitment(secret)
    return round_draws.commit_secret(round_id=row.id, commitment=hashed, by=by, now=now)


def reveal(row, secret, by, *, beacon_value="", now=NOW):
    return round_draws.reveal_secret(
        round_id=row.id, secret=secret, beacon_value=beacon_value, by=by, now=now
    )


def both_commit(world, row):
    commit(row, FIRST, world.actor(Role.DIRECTOR))
    commit(row, SECOND, world.actor(Role.APPROVER))


def both_reveal(world, row, **options):
    reveal(row, FIRST, world.actor(Role.DIRECTOR), **options)
    reveal(row, SECOND, world.actor(Role.APPROVER), **options)


def propose(world, row):
    return rounds.propose(round_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)


def drawn(world, row):
    both_commit(world, row)
    both_reveal(world, row)
    return propose(world, row)


def refused_by_the_database(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_a_draw_pays_in_the_drawn_order_and_its_seed_can_be_made_again(world, drafted):
    row = drawn(world, drafted)

    published = round_lists.published_list(row)
    lines = round_lists.entries(row, salt=published.salt)
    assert published.list_root == draw.list_root(lines)
    assert published.seed == draw.seed(published.list_root, [FIRST, SECOND])
    order = draw.order(published.seed, [line.token for line in lines], [1] * 5)
    assert standing.drawn_order(row) == order
    awards = list(row.members.order_by("position").values_list("award_cents", flat=True))
    left = 200_000
    for place in order:
        assert awards[place] == min(NEEDS[place], left)
        left -= awards[place]
    assert row.state == RoundState.PROPOSED


def test_a_drawn_round_is_approved_and_awarded_as_any_other(world, drafted):
    row = drawn(world, drafted)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    awards = Award.objects.filter(round=row)
    assert sum(awards.values_list("amount_cents", flat=True)) == 200_000
    assert set(awards.values_list("state", flat=True)) == {AwardState.RESERVED}


def test_each_step_is_in_the_trail_without_a_secret(world, drafted):
    drawn(world, drafted)

    rows = Event.objects.filter(object_id=drafted.id).order_by("link__sequence")
    bodies = {row.verb: bytes(row.body).decode() for row in rows}
    assert list(bodies) == [
        "round.drafted", "round.secret_committed", "round.secret_revealed", "round.drawn", "round.proposed",
    ]  # fmt: skip
    assert round_lists.published_list(drafted).list_root in bodies["round.drafted"]
    assert not any(FIRST in body or SECOND in body for body in bodies.values())


def test_every_round_has_a_root_and_tokens_that_tell_no_person(world, requests):
    row = draft(world, rule={"version": 1, "rule": "equal_awards"})
    published = round_lists.published_list(row)
    other = draw.list_root(round_lists.entries(row, salt="0" * 32))

    tokens = {line.token for line in round_lists.entries(row, salt=published.salt)}
    assert len(tokens) == 5
    assert published.list_root != other
    assert not any(
        request.reference in token or request.id.hex in token for request in requests for token in tokens
    )


def test_the_salt_lies_encrypted(world, drafted):
    salt = round_lists.published_list(drafted).salt
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt FROM requests_app_roundlist")
        stored = bytes(cursor.fetchone()[0])

    assert salt.encode() not in stored
    assert bytes.fromhex(salt) not in stored


def test_the_urgent_get_the_tickets_that_the_draft_says(world, requests):
    AssistanceRequest.objects.filter(id__in=[requests[1].id, requests[3].id]).update(urgency=["EVICTION"])
    row = draft(world, urgent_tickets=3)

    lines = round_lists.entries(row, salt=round_lists.published_list(row).salt)
    assert [line.tickets for line in lines] == [1, 3, 1, 3, 1]


@pytest.mark.parametrize("tickets", [0, -1, 11])
def test_a_draft_with_senseless_tickets_is_refused(world, requests, tickets):
    with pytest.raises(errors.InvalidInput):
        draft(world, urgent_tickets=tickets)
    assert AllocationRound.objects.count() == 0


def test_terms_of_a_draw_fit_no_other_rule_and_a_floor_fits_no_draw(world, requests):
    with pytest.raises(errors.InvalidInput):
        draft(world, rule={"version": 1, "rule": "queue"}, urgent_tickets=2)
    with pytest.raises(errors.InvalidInput):
        draft(world, rule={**DRAW, "floor_cents": 100})


def test_the_same_person_is_never_both(world, drafted):
    director = world.actor(Role.DIRECTOR)
    commit(drafted, FIRST, director)

    with pytest.raises(errors.WrongState, match="Another person"):
        commit(drafted, SECOND, director)
    program = add_client(world, director, Role.APPROVER)
    with pytest.raises(errors.WrongState, match="Another person"):
        commit(drafted, SECOND, program)
    refused_by_the_database(
        lambda: RoundSecret.objects.create(
            id=drafted.id, fund_id=drafted.fund_id, created_at=NOW, round=drafted,
            person_id=director.person_id, place=2, commitment="0" * 64,
        )
    )  # fmt: skip


def test_a_third_person_changes_nothing_any_more(world, drafted):
    both_commit(world, drafted)
    third = add_staff(world.fund, Role.APPROVER, name="Third Person")

    with pytest.raises(errors.WrongState, match="Two people"):
        commit(drafted, "a secret of a third person", third)
    with pytest.raises(errors.WrongState, match="committed to no secret"):
        reveal(drafted, FIRST, third)


def test_nothing_is_told_before_both_committed(world, drafted):
    director = world.actor(Role.DIRECTOR)
    own = commit(drafted, FIRST, director)

    with pytest.raises(errors.WrongState, match="Another person must commit first"):
        reveal(drafted, FIRST, director)
    refused_by_the_database(
        lambda: RoundSecret.objects.filter(id=own.id).update(secret=FIRST, revealed_at=NOW)
    )


def test_a_hash_is_not_copied_from_another_person_or_round(world, drafted):
    commit(drafted, FIRST, world.actor(Role.DIRECTOR))

    with pytest.raises(errors.InvalidInput) as refused:
        commit(drafted, FIRST, world.actor(Role.APPROVER))
    assert refused.value.problems[0].code == "used_before"
    rounds.void(round_id=drafted.id, reason="Another try", by=world.actor(Role.DIRECTOR), now=NOW)
    with pytest.raises(errors.InvalidInput):
        commit(draft(world), FIRST, world.actor(Role.APPROVER))


@pytest.mark.parametrize("hashed", ["", "x", "A" * 64, "g" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"])
def test_only_a_hash_is_committed(world, drafted, hashed):
    with pytest.raises(errors.InvalidInput):
        round_draws.commit_secret(
            round_id=drafted.id, commitment=hashed, by=world.actor(Role.DIRECTOR), now=NOW
        )


@pytest.mark.parametrize("secret", ["", SECOND, FIRST + " ", FIRST.upper()])
def test_a_secret_that_does_not_match_is_refused(world, drafted, secret):
    both_commit(world, drafted)

    with pytest.raises(errors.InvalidInput) as refused:
        reveal(drafted, secret, world.actor(Role.DIRECTOR))
    assert refused.value.problems[0].code == "other_secret"
    assert RoundSecret.objects.filter(revealed_at__isnull=False).count() == 0


def test_a_secret_that_could_be_guessed_draws_nothing(world, drafted):
    commit(drafted, "short", world.actor(Role.DIRECTOR))
    commit(drafted, SECOND, world.actor(Role.APPROVER))

    with pytest.raises(errors.InvalidInput) as refused:
        reveal(drafted, "short", world.actor(Role.DIRECTOR))
    assert refused.value.problems[0].code == "unsafe_secret"


def test_a_secret_is_told_once(world, drafted):
    both_commit(world, drafted)
    reveal(drafted, FIRST, world.actor(Role.DIRECTOR))

    with pytest.raises(errors.WrongState, match="told your secret already"):
        reveal(drafted, FIRST, world.actor(Role.DIRECTOR))


def test_one_secret_alone_draws_nothing(world, drafted):
    both_commit(world, drafted)
    reveal(drafted, FIRST, world.actor(Role.DIRECTOR))

    assert round_lists.published_list(drafted).seed == ""
    with pytest.raises(errors.WrongState, match="waits for the secret"):
        propose(world, drafted)
    refused_by_the_database(
        lambda: AllocationRound.objects.filter(id=drafted.id).update(state=RoundState.PROPOSED)
    )
    published = round_lists.published_list(drafted)
    published.seed = "0" * 64
    refused_by_the_database(lambda: published.save(update_fields=["seed"]))


def test_a_draw_is_not_proposed_before_anybody_committed(world, requests):
    with pytest.raises(errors.WrongState, match="two people"):
        rounds.propose_rule(fund_id=world.fund.id, rule=DRAW, by=world.actor(Role.DIRECTOR), now=NOW)
    assert AllocationRound.objects.count() == 0


def test_a_draw_cannot_be_tried_out(world, requests):
    with pytest.raises(errors.InvalidInput):
        rounds.preview(fund_id=world.fund.id, rules=[DRAW], by=world.actor(Role.DIRECTOR), now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"capped_cents": 1}, {"tickets": 9}, {"position": 99}, {"request_id": None},
    ],
)  # fmt: skip
def test_the_list_does_not_change_behind_its_root(world, drafted, change):
    if "request_id" in change:
        change = {"request_id": make_requests(world, [5_000])[0].id}
    member = drafted.members.order_by("position").first()

    refused_by_the_database(lambda: RoundRequest.objects.filter(id=member.id).update(**change))
    refused_by_the_database(drafted.published.delete)


@pytest.mark.parametrize("change", [{"list_root": "0" * 64}, {"salt": "0"}, {"beacon_round": 5}])
def test_what_is_published_stays(world, drafted, change):
    refused_by_the_database(lambda: type(drafted.published).objects.update(**change))


def test_a_need_that_changed_after_the_freezing_gives_the_draw_up(world, requests, drafted):
    both_commit(world, drafted)
    both_reveal(world, drafted)
    AssistanceRequest.objects.filter(id=requests[0].id).update(verified_cents=1)

    with pytest.raises(errors.WrongState, match="Void this draft"):
        propose(world, drafted)


def test_a_rule_stands_once_it_is_a_draw(world, drafted):
    for rule in (DRAW, {"version": 1, "rule": "queue"}):
        with pytest.raises(errors.WrongState, match="A draw stays one"):
            rounds.change_rule(round_id=drafted.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW)
    commit(drafted, FIRST, world.actor(Role.DIRECTOR))
    refused_by_the_database(
        lambda: AllocationRound.objects.filter(id=drafted.id).update(rule={**DRAW, "last": "skip"})
    )


@pytest.mark.parametrize("left", [RequestState.WITHDRAWN, RequestState.ON_HOLD])
def test_a_withdrawn_ticket_falls_to_the_next(world, requests, drafted, left):
    both_commit(world, drafted)
    both_reveal(world, drafted)
    whole = standing.drawn_order(drafted)
    gone = whole[0]
    AssistanceRequest.objects.filter(id=requests[gone].id).update(state=left)

    row = propose(world, drafted)

    assert standing.drawn_order(row) == whole[1:]
    awards = list(row.members.order_by("position").values_list("award_cents", flat=True))
    assert awards[gone] == 0
    assert awards[whole[1]] == NEEDS[whole[1]]
    assert sum(awards) == 200_000
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    requests[gone].refresh_from_db()
    assert requests[gone].state == left


def test_who_withdrew_gets_nothing_where_the_money_covers_all(world, requests):
    put_money_in(world, 1_000_000, bank_reference="WIRE-2")
    drafted = draft(world)
    both_commit(world, drafted)
    both_reveal(world, drafted)
    AssistanceRequest.objects.filter(id=requests[2].id).update(state=RequestState.WITHDRAWN)

    row = propose(world, drafted)

    awards = list(row.members.order_by("position").values_list("award_cents", flat=True))
    assert awards == [100_000, 80_000, 0, 120_000, 60_000]


def test_one_who_leaves_after_the_proposal_voids_it(world, requests, drafted):
    row = drawn(world, drafted)
    AssistanceRequest.objects.filter(id=requests[0].id).update(state=RequestState.WITHDRAWN)

    with pytest.raises(errors.WrongState, match="void"):
        rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)


def test_one_whose_household_is_in_the_round_commits_to_nothing(world, requests):
    user = User.objects.get(id=world.actor(Role.APPROVER).person_id)
    make_requests(world, [60_000], user=user)

    with pytest.raises(errors.SelfApproval):
        commit(draft(world), SECOND, world.actor(Role.APPROVER))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.BOARD, Role.AUDITOR, Role.INTAKE])
def test_only_those_who_handle_money_or_rounds_commit(world, drafted, role):
    with pytest.raises(errors.Forbidden):
        commit(drafted, SECOND, world.actor(role))


def test_a_stranger_finds_no_round(world, drafted):
    stranger = make_world(name="Another Fund").actor(Role.DIRECTOR)

    with pytest.raises(errors.NotFound):
        commit(drafted, SECOND, stranger)
    with pytest.raises(errors.NotFound):
        standing.draw_standing(stranger, round_id=drafted.id)


def test_a_round_of_another_rule_takes_no_secret(world, requests):
    row = draft(world, rule={"version": 1, "rule": "queue"})

    with pytest.raises(errors.WrongState, match="not drawn"):
        commit(row, FIRST, world.actor(Role.DIRECTOR))
    refused_by_the_database(
        lambda: RoundSecret.objects.create(
            id=row.id, fund_id=row.fund_id, created_at=NOW, round=row,
            person_id=world.actor(Role.DIRECTOR).person_id, place=1, commitment="0" * 64,
        )
    )  # fmt: skip


def test_a_void_draft_takes_no_secret(world, drafted):
    rounds.void(round_id=drafted.id, reason="No", by=world.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.WrongState, match="no longer a draft"):
        commit(drafted, FIRST, world.actor(Role.DIRECTOR))


def test_a_beacon_named_with_the_list_is_in_the_seed(world, requests):
    row = draft(world, beacon_round=IN_AN_HOUR)
    both_commit(world, row)
    with pytest.raises(errors.WrongState, match="not out yet"):
        reveal(row, FIRST, world.actor(Role.DIRECTOR), beacon_value=BEACON)

    both_reveal(world, row, beacon_value=BEACON, now=LATER)

    published = round_lists.published_list(row)
    assert published.seed == draw.seed(published.list_root, [FIRST, SECOND], BEACON)


def test_both_look_up_the_same_value_of_the_beacon(world, requests):
    row = draft(world, beacon_round=IN_AN_HOUR)
    both_commit(world, row)
    for value in ("", "0x12", "AB" * 32):
        with pytest.raises(errors.InvalidInput):
            reveal(row, FIRST, world.actor(Role.DIRECTOR), beacon_value=value, now=LATER)
    reveal(row, FIRST, world.actor(Role.DIRECTOR), beacon_value=BEACON, now=LATER)

    with pytest.raises(errors.InvalidInput) as refused:
        reveal(row, SECOND, world.actor(Role.APPROVER), beacon_value="cd" * 32, now=LATER)
    assert refused.value.problems[0].code == "other_value"


def test_nobody_commits_once_the_beacon_is_out(world, requests):
    row = draft(world, beacon_round=IN_AN_HOUR)

    with pytest.raises(errors.WrongState, match="out already"):
        commit(row, FIRST, world.actor(Role.DIRECTOR), now=LATER)


@pytest.mark.parametrize("number", [1, IN_AN_HOUR - 3000, IN_AN_HOUR + 10**8])
def test_only_a_beacon_still_to_come_is_named(world, requests, number):
    with pytest.raises(errors.InvalidInput):
        draft(world, beacon_round=number)


def test_a_draw_without_a_beacon_takes_no_value(world, drafted):
    both_commit(world, drafted)

    with pytest.raises(errors.InvalidInput):
        reveal(drafted, FIRST, world.actor(Role.DIRECTOR), beacon_value=BEACON)


def test_the_standing_says_what_is_missing_and_who_can_do_it(world, drafted):
    def seen(role):
        return standing.draw_standing(world.actor(role), round_id=drafted.id)

    assert seen(Role.APPROVER).missing == "The draw waits for two people to commit to a secret."
    assert seen(Role.APPROVER).may_commit
    assert not seen(Role.BOARD).may_commit
    commit(drafted, FIRST, world.actor(Role.DIRECTOR))
    assert "one more person" in seen(Role.DIRECTOR).missing
    assert not seen(Role.DIRECTOR).may_commit
    commit(drafted, SECOND, world.actor(Role.APPROVER))
    assert (seen(Role.DIRECTOR).may_reveal, seen(Role.DIRECTOR).may_propose) == (True, False)
    both_reveal(world, drafted)
    assert (seen(Role.DIRECTOR).missing, seen(Role.DIRECTOR).may_propose) == ("", True)
    assert not seen(Role.APPROVER).may_propose
