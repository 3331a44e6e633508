"""Releases of restricted money as the database guards them, against a program that asks no service."""

from dataclasses import replace

import pytest
from builders import NOW, make_world
from django.db import DatabaseError, connection, transaction
from restricted import keep_letter, make_release, propose_release, tie_money

from fundmgr.domain import actors, errors, ids, postings
from fundmgr.domain.permissions import Role
from fundmgr.ports import ledger
from fundmgr.queries import funds

pytestmark = pytest.mark.django_db

PROPOSED = "'PROPOSED', %(maker)s, NULL, NULL"
MADE = "'MADE', %(maker)s, %(checker)s, %(now)s"
DECIDED = "state = 'MADE', decided_by_id = %(checker)s, decided_at = %(now)s"
TRANSFER = "the transfer"


def insert(state, *, amount_cents=2_000, letter="letter"):
    return (
        "INSERT INTO fundmgr_restrictionrelease (id, fund_id, created_at, restriction_id, amount_cents,"
        " ground, document_id, reason, state, proposed_by_id, decided_by_id, decided_at) SELECT %(key)s,"
        f" %(fund)s, %(now)s, %(tied)s, {amount_cents}, 'CONSENT_LETTER', %({letter})s, 'Why.', {state}"
    )


def change(columns):
    return f"UPDATE fundmgr_restrictionrelease SET {columns} WHERE id = %(key)s"  # noqa: S608 - our own words


# What a program that is the app role would try, step by step, to set 20 dollars free, and what stops it.
BY_HAND = {
    "a transfer beside no release": ([TRANSFER], "set free by a release that was decided"),
    "a transfer beside a proposal": ([insert(PROPOSED), TRANSFER], "set free by a release that was decided"),
    "a transfer of more than was decided": (
        [insert(PROPOSED, amount_cents=100), change(DECIDED), TRANSFER],
        "decided, and for its amount",
    ),
    "a release that begins as made": ([insert(MADE), TRANSFER], "a release begins as a proposal"),
    "a release that is made without its transfer": ([insert(PROPOSED), change(DECIDED)], "set free by"),
    "a release decided by its proposer": (
        [insert(PROPOSED), change(DECIDED.replace("checker", "maker")), TRANSFER],
        "release_four_eyes",
    ),
    "a release decided by nobody": (
        [insert(PROPOSED), change("state = 'MADE', decided_at = %(now)s"), TRANSFER],
        "release_signed",
    ),
    "a release over another fund's letter": ([insert(PROPOSED, letter="strange")], "file of its own fund"),
    "a release that grows as it is decided": (
        [insert(PROPOSED), change(f"{DECIDED}, amount_cents = 4000")],
        "decided once, and nothing else",
    ),
}
AFTERWARDS = {
    "it goes back to a proposal": ([change("state = 'PROPOSED', decided_at = NULL")], "decided once"),
    "it is removed": (["DELETE FROM fundmgr_restrictionrelease WHERE id = %(key)s"], "never changed"),
    "its money is set free a second time": ([TRANSFER], "transfer_release_once"),
}


class Desk:
    """A world with money tied, its letter, and a hand that writes rows past the services."""

    def __init__(self):
        """Tie money in two funds and keep a letter in each."""
        self.world, other = make_world(), make_world(name="Harbor Relief")
        self.tied = tie_money(self.world, 5_000)
        self.letter = keep_letter(self.world, self.tied)
        self.said = {
            "key": ids.new_id(NOW),
            "fund": self.world.fund.id,
            "now": NOW,
            "tied": self.tied.id,
            "letter": self.letter.id,
            "strange": keep_letter(other, tie_money(other, 5_000)).id,
            "maker": self.world.actor(Role.DIRECTOR).person_id,
            "checker": self.world.actor(Role.TREASURER_RELEASES).person_id,
        }

    def write(self, steps):
        """Take the steps in one transaction, and let the database look at what came of them."""
        with transaction.atomic(), connection.cursor() as cursor:
            for step in steps:
                if step == TRANSFER:
                    self.transfer()
                else:
                    cursor.execute(step, self.said)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def transfer(self):
        """Enter the transfer that a release would cause, under a key of its own."""
        posting = postings.restriction_release(
            release_id=self.said["key"],
            restriction_id=self.tied.id,
            general_id=funds.general_restriction(self.world.fund.id).id,
            amount_cents=2_000,
        )
        posting = replace(posting, key="by hand")
        ledger.post(posting, fund_id=self.world.fund.id, by=actors.SYSTEM, now=NOW)

    def refused(self, steps, sentence):
        """Prove that the steps are stopped, and by what."""
        with pytest.raises((DatabaseError, errors.FundError)) as stopped:
            self.write(steps)
        assert sentence in f"{stopped.value}{stopped.value.__cause__}"


@pytest.mark.parametrize("way", BY_HAND)
def test_invariant_17_the_app_role_frees_no_money_past_two_people_and_a_letter(way):
    Desk().refused(*BY_HAND[way])


@pytest.mark.parametrize("way", AFTERWARDS)
def test_a_release_that_two_people_made_stays_as_it_was_made(way):
    desk = Desk()
    release = propose_release(desk.world, desk.tied, 2_000, document_id=desk.letter.id)
    desk.said["key"] = make_release(desk.world, release).id

    desk.refused(*AFTERWARDS[way])


def test_the_guard_stops_nobody_who_does_every_step():
    """The control: the same hand gets through where there is a letter, two people and the right amount."""
    Desk().write([insert(PROPOSED), change(DECIDED), TRANSFER])
