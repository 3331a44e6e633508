"""Random moves of many people against a model in plain dictionaries: the books agree after each step.

`make nightly` runs the long form: 10,000 runs of 50 steps, in parts that share the cores. There the model is
asked at each step, and the whole proof of the books at every tenth and at the end of each run.
"""

import os
from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_donor, make_world
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from reserves import make_use, propose_reserve_use

from fundmgr.domain import errors, ids, postings
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment
from fundmgr.ports import ledger
from fundmgr.queries import books, funds, promises
from fundmgr.services import bank_fees, commitments, due_dates, pledges, proof, receipts, refunds, turns

RUNS = int(os.environ.get("FUNDMGR_MACHINE_RUNS", "15"))
IS_LONG = RUNS > 15
STEPS, PROVED_EVERY = (50, 10) if IS_LONG else (25, 1)
RUNS_A_PART = 50
CENTS = st.integers(1, 100_000)
pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(days=5)


class Money(RuleBasedStateMachine):
    """Donors promise and pay, the bank takes back, treasurers refund, workers are paid."""

    def __init__(self):
        super().__init__()
        self.place = transaction.atomic()
        # Use cases open their own durable transaction; inside a test's it is a savepoint.
        self.place._from_testcase = True
        self.place.__enter__()
        # The same draws must meet the same keys in the same order.
        self.keys = ids.repeatable(7)
        self.keys.__enter__()
        self.number = self.steps = 0

    @initialize()
    def found(self):
        self.world = make_world()
        self.preparer = self.world.actor(Role.TREASURER_PREPARES)
        self.releaser = self.world.actor(Role.TREASURER_RELEASES)
        self.director = self.world.actor(Role.DIRECTOR)
        self.general = funds.general_restriction(self.world.fund.id).id
        self.donors = [make_donor(self.world, name=name) for name in ("Ana", "Ben")]
        # The model: what each promise and each receipt is, and what the bank account must hold.
        self.promises, self.receipts, self.holds, self.owed = {}, {}, {}, {}
        self.bank = self.fees = self.refunded = self.paid = 0

    def teardown(self):
        if self.steps % PROVED_EVERY:
            assert proof.check_books() == []
        transaction.set_rollback(True)
        self.place.__exit__(None, None, None)
        self.keys.__exit__(None, None, None)

    def fresh(self, word):
        self.number += 1
        return f"{word}-{self.number}"

    def pick(self, data, rows):
        found = list(rows)
        return found[data.draw(st.integers(0, len(found) - 1))]

    # --- donors -----------------------------------------------------------------------------------
    @rule(cents=CENTS, donor=st.integers(0, 1), kind=st.sampled_from(["plain", "condition", "match"]))
    def pledge(self, cents, donor, kind):
        row = commitments.pledge(
            fund_id=self.world.fund.id,
            donor_id=self.donors[donor].id,
            amount_cents=cents,
            pledged_on=TODAY,
            due_on=TODAY,
            is_conditional=kind != "plain",
            condition="" if kind == "plain" else "A sign.",
            match_percent=100 if kind == "match" else None,
            by=self.preparer,
            now=NOW,
        )
        self.promises[row.id] = {
            "face": cents, "kind": kind, "donor": donor, "met": 0, "in": 0, "off": 0, "over": False,
        }  # fmt: skip

    @precondition(lambda self: self.promises)
    @rule(data=st.data(), cents=CENTS)
    def pay(self, data, cents):
        key = self.pick(data, self.promises)
        promise = self.promises[key]
        fits = cents <= promise["face"] - promise["in"] - promise["off"] and not promise["over"]
        try:
            row = receipts.record(
                commitment_id=key,
                amount_cents=cents,
                bank_reference=self.fresh("W"),
                received_on=TODAY,
                by=self.preparer,
                now=NOW,
            )
        except (errors.InvalidInput, errors.WrongState):
            assert not fits
            return
        assert fits
        receipts.reconcile(receipt_id=row.id, by=self.releaser, now=NOW)
        promise["in"] += cents
        self.keep(row.id, cents, promise=key)

    @rule(cents=CENTS, donor=st.integers(0, 1))
    def give(self, cents, donor):
        row = receipts.record(
            fund_id=self.world.fund.id,
            donor_id=self.donors[donor].id,
            amount_cents=cents,
            bank_reference=self.fresh("G"),
            received_on=TODAY,
            by=self.preparer,
            now=NOW,
        )
        receipts.reconcile(receipt_id=row.id, by=self.releaser, now=NOW)
        self.keep(row.id, cents, donor=donor)

    @rule(cents=CENTS)
    def arrive_unmatched(self, cents):
        row = receipts.record(
            fund_id=self.world.fund.id,
            amount_cents=cents,
            bank_reference=self.fresh("U"),
            received_on=TODAY,
            by=self.preparer,
            now=NOW,
        )
        receipts.reconcile(receipt_id=row.id, by=self.releaser, now=NOW)
        self.keep(row.id, cents, unmatched=True)

    @precondition(lambda self: any(row["unmatched"] for row in self.receipts.values()))
    @rule(data=st.data(), donor=st.integers(0, 1))
    def match(self, data, donor):
        key = self.pick(data, [key for key, row in self.receipts.items() if row["unmatched"]])
        try:
            receipts.match(receipt_id=key, donor_id=self.donors[donor].id, by=self.director, now=NOW)
        except errors.Forbidden:
            receipts.match(receipt_id=key, donor_id=self.donors[donor].id, by=self.releaser, now=NOW)
        except errors.InsufficientFunds:
            return
        self.receipts[key].update(unmatched=False, donor=donor)

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def bounce(self, data):
        key = self.pick(data, self.receipts)
        row = self.receipts.pop(key)
        receipts.bounce(receipt_id=key, reason="No funds.", by=self.releaser, now=NOW)
        self.bank -= row["left"]
        if row["promise"]:
            promise = self.promises[row["promise"]]
            promise["in"] -= row["left"] if not row["back_early"] else 0
            if promise["over"]:
                promise["off"] = max(0, self.due(row["promise"]) - promise["in"])

    @precondition(lambda self: any(not row["promise"] for row in self.receipts.values()))
    @rule(data=st.data(), cents=CENTS)
    def refund(self, data, cents):
        key = self.pick(data, [key for key, row in self.receipts.items() if not row["promise"]])
        row = self.receipts[key]
        try:
            proposed = refunds.propose(
                receipt_id=key, amount_cents=cents, reason="Asked.", by=self.director, now=NOW
            )
        except errors.InvalidInput:
            assert cents > row["left"]
            return
        except errors.Duplicate:
            return
        try:
            refunds.make(refund_id=proposed.id, by=self.releaser, now=NOW)
        except errors.InsufficientFunds:
            refunds.refuse(refund_id=proposed.id, by=self.releaser, now=NOW)
            return
        row["left"] -= cents
        self.bank -= cents
        if not row["left"]:
            del self.receipts[key]

    @precondition(lambda self: any(one["kind"] == "condition" for one in self.promises.values()))
    @rule(data=st.data(), cents=CENTS)
    def meet(self, data, cents):
        key = self.pick(data, [key for key, one in self.promises.items() if one["kind"] == "condition"])
        promise = self.promises[key]
        try:
            made = pledges.propose_condition(
                commitment_id=key, amount_cents=cents, proof="Seen.", by=self.director, now=NOW
            )
        except (errors.InvalidInput, errors.WrongState):
            assert promise["over"] or cents > promise["face"] - promise["met"]
            return
        pledges.decide_condition(proof_id=made.id, is_met=True, by=self.releaser, now=NOW)
        promise["met"] += cents

    @precondition(lambda self: any(one["kind"] == "plain" for one in self.promises.values()))
    @rule(data=st.data())
    def give_up(self, data):
        due_dates.mark_overdue(fund_id=self.world.fund.id, now=LATE)
        late = Commitment.objects.filter(fund=self.world.fund, state="OVERDUE", is_conditional=False)
        keys = [key for key in late.order_by("id").values_list("id", flat=True) if key in self.promises]
        if not keys:
            return
        key = self.pick(data, keys)
        turned = turns.propose_default(commitment_id=key, reason="Gone.", by=self.director, now=LATE)
        turns.make(turn_id=turned.id, by=self.releaser, now=LATE)
        pledges.write_off(commitment_id=key, board_note="Minutes.", by=self.releaser, now=LATE)
        promise = self.promises[key]
        promise.update(off=promise["face"] - promise["in"], over=True)

    @rule(cents=CENTS)
    def use_reserve(self, cents):
        before = ledger.standing(self.general, fund_id=self.world.fund.id)
        try:
            row = propose_reserve_use(self.world, cents, is_there=True)
        except errors.InvalidInput:
            assert cents > before.reserve_cents
            return
        make_use(self.world, row)
        after = ledger.standing(self.general, fund_id=self.world.fund.id)
        assert before.reserve_cents - after.reserve_cents == cents
        filled = min(cents, before.uncovered_cents)
        assert after.available_cents - before.available_cents == cents - filled

    # --- workers ----------------------------------------------------------------------------------
    @rule(cents=CENTS)
    def hold(self, cents):
        award = ids.new_id(NOW)
        posting = postings.hold(award_id=award, shares=[(self.general, cents)])
        before = books.available_cents(self.world.fund.id)
        try:
            with transaction.atomic():
                held = ledger.post(posting, fund_id=self.world.fund.id, by=self.director, now=NOW)
        except errors.InsufficientFunds:
            assert cents > before
            return
        assert cents <= before
        self.holds[award] = (held, cents)

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), accepted=st.booleans())
    def resolve(self, data, accepted):
        award = self.pick(data, self.holds)
        held, cents = self.holds.pop(award)
        shares = [(self.general, cents)]
        fund_id = self.world.fund.id
        if accepted:
            posting = postings.award(award_id=award, hold_id=held, shares=shares)
            self.owed[award] = cents
        else:
            lacks = {self.general: ledger.standing(self.general, fund_id=fund_id).uncovered_cents}
            posting = postings.hold_void(award_id=award, hold_id=held, shares=shares, uncovered_cents=lacks)
        ledger.post(posting, fund_id=fund_id, by=self.director, now=NOW)

    @precondition(lambda self: self.owed)
    @rule(data=st.data())
    def pay_out(self, data):
        award = self.pick(data, self.owed)
        cents = self.owed.pop(award)
        shares, fund_id = [(self.general, cents)], self.world.fund.id
        ledger.post(
            postings.release(payout_id=award, shares=shares), fund_id=fund_id, by=self.releaser, now=NOW
        )
        standings = ledger.standings([self.general], fund_id=fund_id)
        settled = postings.settlements([(award, shares)], standings)
        ledger.post_many(settled, fund_id=fund_id, by=self.releaser, now=NOW)
        self.bank -= cents
        self.paid += cents

    @rule(cents=st.integers(1, 2_000))
    def charge(self, cents):
        try:
            bank_fees.record(
                fund_id=self.world.fund.id,
                amount_cents=cents,
                bank_reference=self.fresh("F"),
                charged_on=TODAY,
                by=self.releaser,
                now=NOW,
            )
        except errors.InsufficientFunds:
            return
        self.bank -= cents
        self.fees += cents

    # --- the model and the books ------------------------------------------------------------------
    def keep(self, key, cents, *, promise=None, donor=None, unmatched=False):
        self.bank += cents
        self.receipts[key] = {
            "left": cents, "promise": promise, "donor": donor, "unmatched": unmatched, "back_early": False,
        }  # fmt: skip

    def due(self, key):
        promise = self.promises[key]
        if promise["kind"] == "plain":
            return promise["face"]
        if promise["kind"] == "condition":
            return promise["met"]
        gifts = sum(
            row["left"]
            for row in self.receipts.values()
            if not row["promise"] and not row["unmatched"] and row["donor"] != promise["donor"]
        )
        return min(promise["face"], gifts)

    @invariant()
    def the_books_say_what_the_model_says(self):
        if not hasattr(self, "world"):
            return
        position = books.position(self.world.fund.id)
        owed = {key: max(0, self.due(key) - one["in"] - one["off"]) for key, one in self.promises.items()}
        early = {key: max(0, one["in"] - self.due(key)) for key, one in self.promises.items()}
        unmatched = sum(row["left"] for row in self.receipts.values() if row["unmatched"])
        assert position.outstanding_cents == sum(owed.values())
        assert position.refundable_advance_cents == sum(early.values())
        assert position.suspense_cents == unmatched
        assert position.reserved_cents == sum(cents for _, cents in self.holds.values())
        assert position.committed_unpaid_cents == sum(self.owed.values())
        assert (position.paid_cents, position.fees_cents) == (self.paid, self.fees)
        assert position.cash_cents - position.paid_cents - position.fees_cents == self.bank
        assert position.books_differ_by_cents == 0
        assert promises.totals(self.world.fund.id).owed_cents == position.outstanding_cents

    @invariant()
    def the_books_are_sound(self):
        self.steps += 1
        if hasattr(self, "world") and self.steps % PROVED_EVERY == 0:
            assert proof.check_books() == []


Money.TestCase.settings = settings(
    max_examples=min(RUNS, RUNS_A_PART),
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not IS_LONG,
    phases=[Phase.explicit, Phase.generate],
)


@pytest.mark.parametrize("part", range(-(-RUNS // RUNS_A_PART)))
def test_money_in_any_order_of_moves_agrees_with_the_model(db, part):
    Money.TestCase("runTest").runTest()
