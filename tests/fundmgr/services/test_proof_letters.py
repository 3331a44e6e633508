"""A letter whose words somebody bends behind the guards is found, with its digest bent along or not."""

import psycopg
import pytest
from builders import NOW, make_world, put_money_in

from fundmgr.domain.canonical import digest
from fundmgr.domain.permissions import Role
from fundmgr.models import Letter
from fundmgr.services import letters
from fundmgr.services.proof_letters import check_letters


@pytest.mark.parametrize("bends_digest", [False, True])
def test_a_letter_says_what_was_issued(committed_db, servers, bends_digest):
    world = make_world()
    receipt = put_money_in(world, 25_000)
    row = letters.issue(receipt_id=receipt.id, by=world.actor(Role.TREASURER_PREPARES), now=NOW)
    assert check_letters() == []

    bent = {**row.content, "total_cents": 2_500_000}
    with psycopg.connect(servers.url(servers.owner, committed_db), autocommit=True) as owner:
        owner.execute("ALTER TABLE fundmgr_letter DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE fundmgr_letter SET content = %s, sha256 = %s",
            [psycopg.types.json.Jsonb(bent), digest(bent) if bends_digest else row.sha256],
        )

    (finding,) = check_letters()
    assert (finding.check, finding.row_id) == ("letters_say_what_was_issued", str(Letter.objects.get().id))


def test_a_letter_whose_event_cannot_be_read_is_named_all_the_same(committed_db, servers):
    world = make_world()
    receipt = put_money_in(world, 25_000)
    row = letters.issue(receipt_id=receipt.id, by=world.actor(Role.TREASURER_PREPARES), now=NOW)
    with psycopg.connect(servers.url(servers.owner, committed_db), autocommit=True) as owner:
        owner.execute("ALTER TABLE fundmgr_event DISABLE TRIGGER USER")
        owner.execute(r"UPDATE fundmgr_event SET body = '\x00'::bytea || body WHERE verb = 'letter.issued'")

    (finding,) = check_letters()
    assert (finding.check, finding.row_id) == ("letters_say_what_was_issued", str(row.id))
