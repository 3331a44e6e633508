"""What two people sign over the API: a transfer reversed, a fund closed."""

from builders import put_money_in
from calling import code_of, make_fee

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models.ledger import Transfer
from fundmgr.services import funds


def place_of(answer):
    return answer["Location"].removeprefix("/api/v1/")


def test_a_fee_is_reversed_by_two_programs_of_two_owners(program, world):
    put_money_in(world, 10_000)
    path = f"transfers/{ids.public('trf', Transfer.objects.get(cause_id=make_fee(world).id).id)}"
    releaser, director = program(Role.TREASURER_RELEASES), program(Role.DIRECTOR)

    proposed = releaser.post(f"{path}/reversals", {"reason": "The bank took it back."})
    assert proposed.status_code == 201, proposed.content
    place = place_of(proposed)
    again = releaser.post(f"{path}/reversals", {"reason": "Again."})
    alone = program(Role.DIRECTOR, owner=releaser.actor)
    own = alone.post(f"{place}/decision", {"outcome": "MADE"})
    made = director.post(f"{place}/decision", {"outcome": "MADE"}, key="d")
    same = director.post(f"{place}/decision", {"outcome": "MADE"}, key="d")

    assert (again.status_code, code_of(again)) == (409, "duplicate")
    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (made.status_code, made.json()["state"]) == (200, "MADE")
    assert same["Idempotent-Replayed"] == "true"
    assert releaser.get(place).json() == made.json()
    assert [row["id"] for row in releaser.get(f"{path}/reversals").json()["data"]] == [made.json()["id"]]
    assert Transfer.objects.filter(move="REVERSAL").count() == 1


def test_a_receipt_is_not_reversed_here(program, world):
    put_money_in(world, 10_000)
    receipt = ids.public("trf", Transfer.objects.get(move="RECEIPT").id)

    refused = program(Role.TREASURER_RELEASES).post(f"transfers/{receipt}/reversals", {"reason": "x"})

    assert (refused.status_code, code_of(refused)) == (409, "wrong_state")


def test_a_fund_is_closed_by_director_and_board(program, world):
    director, board = program(Role.DIRECTOR), program(Role.BOARD)
    fund = f"funds/{ids.public('fund', world.fund.id)}"
    early = director.post(f"{fund}/winding-down")
    funds.close_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=world.fund.created_at)

    begun = director.post(f"{fund}/winding-down")
    proposed = director.post(f"{fund}/closings", {"reason": "All is paid."})
    place = place_of(proposed)
    own = director.post(f"{place}/decision", {"outcome": "MADE"})
    made = board.post(f"{place}/decision", {"outcome": "MADE"})

    assert (early.status_code, code_of(early)) == (409, "wrong_state")
    assert begun.json()["state"] == "WINDING_DOWN"
    assert (proposed.status_code, proposed.json()["obstacles"]) == (201, [])
    assert (own.status_code, code_of(own)) == (403, "forbidden")
    assert (made.status_code, made.json()["state"]) == (200, "MADE")
    assert director.get(fund).json()["state"] == "CLOSED"
    assert [row["state"] for row in director.get(f"{fund}/closings").json()["data"]] == ["MADE"]
    assert director.get(place).json() == made.json()


def test_what_is_left_stands_in_the_way(program, world):
    put_money_in(world, 10_000)
    director = program(Role.DIRECTOR)
    fund = f"funds/{ids.public('fund', world.fund.id)}"
    funds.close_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=world.fund.created_at)
    director.post(f"{fund}/winding-down")

    refused = director.post(f"{fund}/closings", {"reason": "All is paid."})

    assert (refused.status_code, code_of(refused)) == (409, "wrong_state")
    assert "Available to award: $98.00 is left." in refused.json()["detail"]
