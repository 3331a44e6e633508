"""The outbox's door: an effect is owed once, with its cause or not at all."""

import pytest
from builders import NOW, make_world
from django.db import transaction

from fundmgr.models import OutboxMessage
from fundmgr.ports import outbox
from fundmgr.ports.locks import NoTransaction
from fundmgr.ports.outbox import Effect


@pytest.fixture
def fund(db):
    return make_world().fund


def effect(key="k1", **payload):
    return Effect("notice", key, payload)


def test_an_effect_is_owed_at_once(fund):
    outbox.owe(effect(kind="award_made"), fund_id=fund.id, now=NOW)

    row = OutboxMessage.objects.get(effect_key="k1")
    assert (row.kind, row.payload, row.due_at, row.attempts) == ("notice", {"kind": "award_made"}, NOW, 0)
    assert row.done_at is None


def test_an_effect_is_owed_once_for_ever(fund):
    outbox.owe(effect(turn=1), fund_id=fund.id, now=NOW)
    outbox.owe_many([effect(turn=2), effect("k2"), effect("k2")], fund_id=fund.id, now=NOW)

    found = dict(OutboxMessage.objects.values_list("effect_key", "payload"))
    assert found == {"k1": {"turn": 1}, "k2": {}}


@pytest.mark.parametrize("at_once", [101, 20_000])
def test_a_crowd_of_effects_is_owed_once_for_ever_as_well(fund, monkeypatch, at_once):
    monkeypatch.setattr(outbox, "_AT_ONCE", at_once)
    outbox.owe(effect("k7", turn=1), fund_id=fund.id, now=NOW)
    crowd = (effect(f"k{place % 250}", word='a "b" \\ é', turn=place) for place in range(300))

    outbox.owe_many(crowd, fund_id=fund.id, now=NOW)

    rows = {row.effect_key: row for row in OutboxMessage.objects.all()}
    assert len(rows) == 250
    assert rows["k7"].payload == {"turn": 1}
    one = rows["k8"]
    assert (one.kind, one.payload) == ("notice", {"word": 'a "b" \\ é', "turn": 8})
    assert (one.due_at, one.attempts, one.done_at, one.last_error) == (NOW, 0, None, "")


def test_an_effect_goes_with_its_cause(fund):
    class Undone(Exception):
        pass

    def undo():
        with transaction.atomic():
            outbox.owe(effect(), fund_id=fund.id, now=NOW)
            raise Undone

    with pytest.raises(Undone):
        undo()

    assert not OutboxMessage.objects.exists()


def test_owing_wakes_the_relay_after_the_commit_only(fund, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        outbox.owe_many([effect("k1"), effect("k2")], fund_id=fund.id, now=NOW)

    assert [callback.__name__ for callback in callbacks] == ["wake"]


def test_nothing_owed_writes_nothing(fund, django_assert_num_queries):
    with django_assert_num_queries(0):
        outbox.owe_many([], fund_id=fund.id, now=NOW)


def test_outside_a_transaction_nothing_is_owed(committed_db):
    with pytest.raises(NoTransaction):
        outbox.owe_many([], fund_id=None, now=NOW)
