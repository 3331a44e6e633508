"""Funds and their position over the API."""

import builders
from calling import make_things

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.services import funds as services


def dollars(body, name):
    return body[name]["amount"]


def test_a_program_sees_its_own_fund_alone(program, world):
    builders.make_world(name="Harbor Relief")

    answer = program(Role.INTAKE).get("funds").json()

    assert [row["slug"] for row in answer["data"]] == [world.fund.slug]
    assert answer["data"][0]["id"] == ids.public("fund", world.fund.id)


def test_the_position_says_where_every_cent_is(program, world):
    make_things(world)
    auditor = program(Role.AUDITOR)
    path = f"funds/{ids.public('fund', world.fund.id)}"

    body = auditor.get(f"{path}/position").json()

    assert dollars(body, "committed") == "10050.00"
    assert dollars(body, "received") == "10050.00"
    assert dollars(body, "reserve") == "200.00"
    assert dollars(body, "held") == "1500.00"
    assert dollars(body, "paid") == "0.00"
    assert (dollars(body, "fees"), dollars(body, "unmatched")) == ("1.00", "0.00")
    assert dollars(body, "available") == "8349.00"
    assert (dollars(body, "requested"), body["requested_count"]) == ("4800.00", 2)
    assert (dollars(body, "eligible"), body["eligible_count"]) == ("2400.00", 1)
    assert body["coverage"] == {"of_requested": "1.7394", "of_eligible": "3.4788"}
    assert body["as_of"].endswith("Z")


def test_without_requests_there_is_no_coverage(program, world):
    body = program(Role.AUDITOR).get(f"funds/{ids.public('fund', world.fund.id)}/position").json()

    assert body["coverage"] == {"of_requested": None, "of_eligible": None}


def test_a_fund_says_who_runs_it(program, world):
    words = {"board": "Kwame Ortiz\nLena Fox", "help_mail": "help@example.org", "sponsor": "Riverside"}
    services.describe(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=builders.NOW, **words)

    body = program(Role.INTAKE).get(f"funds/{ids.public('fund', world.fund.id)}").json()

    assert (body["board"], body["help_mail"]) == (["Kwame Ortiz", "Lena Fox"], "help@example.org")
    assert body["sponsor"] == "Riverside"
