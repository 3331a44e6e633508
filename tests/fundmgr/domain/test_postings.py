"""Postings: each sums to zero inside each restriction; any life of the money keeps the memo accounts true."""

from collections import defaultdict
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fundmgr.domain import postings
from fundmgr.domain.chart import DEBIT_NORMAL, GUARDED, Code
from fundmgr.domain.holes import FIELDS, Standing
from fundmgr.domain.lines import Line
from fundmgr.domain.move import Move
from fundmgr.domain.pledges import Split

A, B = UUID(int=1), UUID(int=2)
THING, HOLD = UUID(int=3), UUID(int=4)
CENTS = st.integers(1, 10**12)
SHARES = st.lists(st.tuples(st.sampled_from([A, B]), CENTS), min_size=1, max_size=4)


def every_posting(shares, cents, part, reserve):
    """One posting of each kind and variant."""
    award = {"award_id": THING, "shares": shares}
    payout = {"payout_id": THING, "shares": shares}
    whole = {"restriction_id": A, "amount_cents": cents}
    return [
        postings.pledge(commitment_id=THING, **whole),
        postings.pledge_cancelled(commitment_id=THING, **whole),
        postings.write_off(commitment_id=THING, **whole),
        postings.condition_met(
            commitment_id=THING,
            occasion_id=HOLD,
            restriction_id=A,
            advance_cents=part,
            receivable_cents=cents,
            reserve_cents=min(reserve, part),
        ),
        postings.condition_unmet(
            commitment_id=THING,
            occasion_id=HOLD,
            restriction_id=A,
            advance_cents=part,
            receivable_cents=cents,
            reserve_cents=min(reserve, part),
        ),
        postings.receipt(receipt_id=THING, restriction_id=A, split=Split(cents, part, 0, reserve)),
        postings.receipt(receipt_id=THING, restriction_id=A, split=Split(cents, 0, cents)),
        postings.suspense(receipt_id=THING, general_id=A, amount_cents=cents),
        postings.suspense_matched(
            receipt_id=THING, general_id=A, restriction_id=B, split=Split(cents, part, 0, reserve)
        ),
        postings.suspense_matched(receipt_id=THING, general_id=A, restriction_id=A, split=Split(cents)),
        postings.bounce(
            receipt_id=THING, reverses_id=HOLD, restriction_id=A, split=Split(cents, part, 0, reserve)
        ),
        *(
            postings.refund(refund_id=THING, **whole, source=source)
            for source in (Code.CONTRIBUTIONS, Code.REFUNDABLE_ADVANCE, Code.SUSPENSE)
        ),
        postings.restriction_release(release_id=THING, restriction_id=A, general_id=B, amount_cents=cents),
        postings.bank_fee(fee_id=THING, **whole),
        postings.uncashed(**payout),
        postings.escheat(**payout),
        postings.clawback(clawback_id=THING, shares=shares),
        postings.clawback_received(clawback_id=THING, **whole),
        postings.hold(**award),
        postings.award(**award, hold_id=HOLD),
        postings.award(**award, hold_id=HOLD, restricted={B}),
        postings.award_rescinded(**award, restricted={B}),
        postings.hold_void(**award, hold_id=HOLD),
        postings.award_rescinded(**award),
        postings.award_rescinded(**award, returned=True),
        postings.release(**payout),
        postings.release(**payout, reissue=True),
        postings.settlement(**payout),
        postings.payment_return(**payout, settled=False),
        postings.payment_return(**payout, settled=True),
    ]


@given(shares=SHARES, cents=CENTS, data=st.data())
def test_every_posting_sums_to_zero_inside_each_restriction(shares, cents, data):
    part = data.draw(st.integers(0, cents))
    reserve = data.draw(st.integers(0, cents))

    for posting in every_posting(shares, cents, part, reserve):
        sums = defaultdict(int)
        for line in posting.lines:
            assert line.amount_cents != 0
            sums[line.restriction_id] += line.amount_cents
        assert set(sums.values()) == {0}
        assert len(posting.lines) >= 2


def test_payments_that_settle_together_are_booked_as_one_after_the_other():
    one, two = UUID(int=91), UUID(int=92)
    before = {A: Standing(cash_cents=400, control_cents=350), B: Standing(cash_cents=200, control_cents=200)}
    of_one, of_two = [(A, 300), (B, 50)], [(A, 200), (B, 150)]

    first, second = postings.settlements([(one, of_one), (two, of_two)], before)

    after = {key: standing.after(first.lines, key) for key, standing in before.items()}
    assert first == postings.settlement(payout_id=one, shares=of_one, standings=before)
    assert second == postings.settlement(payout_id=two, shares=of_two, standings=after)
    assert {Line(Code.BANK_OVERDRAFT, A, -100), Line(Code.DEFICIT, A, -150)} <= set(second.lines)
    assert Line(Code.CASH, B, -150) in second.lines


@given(shares=SHARES, cents=CENTS)
def test_a_reversal_is_the_mirror_and_names_what_it_undoes(shares, cents):
    for posting in every_posting(shares, cents, cents, 0):
        undone = postings.reversal(
            transfer_id=HOLD, cause_type="receipt", cause_id=THING, lines=posting.lines
        )

        assert undone.reverses_id == HOLD
        assert [(line.code, -line.amount_cents) for line in undone.lines] == [
            (line.code, line.amount_cents) for line in posting.lines
        ]


def test_keys_name_the_move_and_its_cause_so_that_nothing_is_posted_twice():
    made = every_posting([(A, 1)], 1, 1, 0)
    keys = {posting.move: posting.key for posting in made}

    twins = {Move.REISSUE, Move.RETURN_SETTLED, Move.SUSPENSE_MATCHED}
    assert len(set(keys.values())) == len(keys) - len(twins)
    assert keys[Move.SUSPENSE_MATCHED] == keys[Move.RECEIPT]
    assert keys[Move.REISSUE] == keys[Move.RELEASE]
    assert keys[Move.RETURN_IN_TRANSIT] == keys[Move.RETURN_SETTLED]
    assert all(str(THING) in key for key in keys.values())


def test_holds_are_resolved_by_name():
    shares = [(A, 1)]

    assert postings.award(award_id=THING, hold_id=HOLD, shares=shares).resolves_id == HOLD
    assert postings.hold_void(award_id=THING, hold_id=HOLD, shares=shares).resolves_id == HOLD
    assert postings.hold(award_id=THING, shares=shares).resolves_id is None


@pytest.mark.parametrize("code", [Code.AVAILABLE, Code.RESERVED, Code.COMMITTED, Code.RESERVE, Code.CONTROL])
def test_what_may_be_promised_is_guarded(code):
    assert code in GUARDED


class Books(RuleBasedStateMachine):
    """The whole life of money in two restrictions, kept in plain dictionaries."""

    def __init__(self):
        super().__init__()
        self.balances = defaultdict(int)
        self.number = 0
        states = ("reserved", "committed", "in_transit", "settled", "returned", "unclaimed")
        self.awards = {state: [] for state in states}
        self.receipts = []
        self.unmatched = []

    def fresh_id(self):
        self.number += 1
        return uuid5(THING, str(self.number))

    def enter(self, posting):
        for line in posting.lines:
            sign = 1 if line.code in DEBIT_NORMAL else -1
            self.balances[line.code, line.restriction_id] += sign * line.amount_cents

    def take(self, state, data):
        row = data.draw(st.sampled_from(self.awards[state]))
        self.awards[state].remove(row)
        return row

    def standing(self, key):
        held = {field: self.balances[code, key] for code, field in FIELDS.items()}
        return Standing(**held)

    def uncovered(self):
        return {key: self.balances[Code.UNCOVERED, key] for key in (A, B)}

    def has(self, state):
        return bool(self.awards[state])

    @rule(restriction=st.sampled_from([A, B]), cents=st.integers(1, 10**6), data=st.data())
    def receive(self, restriction, cents, data):
        reserve = data.draw(st.integers(0, cents // 10))
        pledged = data.draw(st.integers(0, cents))
        if pledged:
            commitment = self.fresh_id()
            self.enter(
                postings.pledge(commitment_id=commitment, restriction_id=restriction, amount_cents=pledged)
            )
        self.book_receipt(restriction, Split(cents, pledged, 0, reserve))

    @rule(restriction=st.sampled_from([A, B]), cents=st.integers(1, 10**6))
    def receive_on_condition(self, restriction, cents):
        self.book_receipt(restriction, Split(cents, 0, cents))

    def book_receipt(self, restriction, split):
        receipt = self.fresh_id()
        self.enter(
            postings.receipt(
                receipt_id=receipt,
                restriction_id=restriction,
                split=split,
                standing=self.standing(restriction),
            )
        )
        self.receipts.append((receipt, restriction, split))

    @rule(cents=st.integers(1, 10**6))
    def receive_unmatched(self, cents):
        receipt = self.fresh_id()
        posting = postings.suspense(
            receipt_id=receipt, general_id=A, amount_cents=cents, standing=self.standing(A)
        )
        self.enter(posting)
        self.unmatched.append((receipt, cents))

    @precondition(lambda self: self.unmatched and not self.balances[Code.BANK_OVERDRAFT, A])
    @rule(restriction=st.sampled_from([A, B]))
    def match(self, restriction):
        receipt, cents = self.unmatched.pop()
        split = Split(cents)
        self.enter(
            postings.suspense_matched(
                receipt_id=receipt,
                general_id=A,
                restriction_id=restriction,
                split=split,
                standing=self.standing(restriction),
            )
        )
        self.receipts.append((receipt, restriction, split))

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def bounce(self, data):
        receipt, restriction, split = self.receipts.pop(data.draw(st.integers(0, len(self.receipts) - 1)))
        posting = postings.bounce(
            receipt_id=receipt,
            reverses_id=HOLD,
            restriction_id=restriction,
            split=split,
            standing=self.standing(restriction),
        )
        self.enter(posting)

    @precondition(lambda self: self.balances[Code.AVAILABLE, B])
    @rule(data=st.data())
    def free_restricted_money(self, data):
        cents = data.draw(st.integers(1, self.balances[Code.AVAILABLE, B]))
        if cents <= self.balances[Code.CASH, B]:
            self.enter(
                postings.restriction_release(
                    release_id=self.fresh_id(),
                    restriction_id=B,
                    general_id=A,
                    amount_cents=cents,
                    standing=self.standing(A),
                )
            )

    @precondition(lambda self: any(self.balances[Code.AVAILABLE, key] for key in (A, B)))
    @rule(data=st.data())
    def reserve(self, data):
        shares = [
            (key, data.draw(st.integers(1, self.balances[Code.AVAILABLE, key])))
            for key in (A, B)
            if self.balances[Code.AVAILABLE, key]
        ]
        award = self.fresh_id()
        self.enter(postings.hold(award_id=award, shares=shares))
        self.awards["reserved"].append((award, shares))

    @precondition(lambda self: self.has("reserved"))
    @rule(data=st.data(), is_accepted=st.booleans())
    def resolve(self, data, is_accepted):
        award, shares = self.take("reserved", data)
        if is_accepted:
            self.enter(postings.award(award_id=award, hold_id=HOLD, shares=shares))
            self.awards["committed"].append((award, shares))
        else:
            self.enter(
                postings.hold_void(
                    award_id=award, hold_id=HOLD, shares=shares, uncovered_cents=self.uncovered()
                )
            )

    @precondition(lambda self: self.has("committed"))
    @rule(data=st.data())
    def release(self, data):
        award, shares = self.take("committed", data)
        self.enter(postings.release(payout_id=self.fresh_id(), shares=shares))
        self.awards["in_transit"].append((award, shares))

    @precondition(lambda self: self.has("in_transit"))
    @rule(data=st.data())
    def settle(self, data):
        award, shares = self.take("in_transit", data)
        standings = {key: self.standing(key) for key in (A, B)}
        for posting in postings.settlements([(self.fresh_id(), shares)], standings):
            self.enter(posting)
        self.awards["settled"].append((award, shares))

    @precondition(lambda self: self.has("in_transit") or self.has("settled"))
    @rule(data=st.data())
    def send_back(self, data):
        state = "settled" if self.has("settled") else "in_transit"
        award, shares = self.take(state, data)
        self.enter(
            postings.payment_return(payout_id=self.fresh_id(), shares=shares, settled=state == "settled")
        )
        self.awards["returned"].append((award, shares))

    @precondition(lambda self: self.has("returned"))
    @rule(data=st.data())
    def reissue(self, data):
        award, shares = self.take("returned", data)
        self.enter(postings.release(payout_id=self.fresh_id(), shares=shares, reissue=True))
        self.awards["in_transit"].append((award, shares))

    @precondition(lambda self: self.has("in_transit"))
    @rule(data=st.data())
    def go_stale(self, data):
        award, shares = self.take("in_transit", data)
        self.enter(postings.uncashed(payout_id=self.fresh_id(), shares=shares))
        self.awards["unclaimed"].append((award, shares))

    @precondition(lambda self: self.has("committed") or self.has("returned"))
    @rule(data=st.data())
    def give_up(self, data):
        state = "returned" if self.has("returned") else "committed"
        award, shares = self.take(state, data)
        posting = postings.award_rescinded(
            award_id=award,
            shares=shares,
            returned=state == "returned",
            uncovered_cents=self.uncovered(),
        )
        self.enter(posting)

    @invariant()
    def control_equals_what_may_be_promised(self):
        for key in (A, B):
            told = {code: self.balances[code, key] for code in Code}
            promised = (Code.AVAILABLE, Code.RESERVE, Code.RESERVED, Code.COMMITTED)
            backed = told[Code.CONTROL] - told[Code.DEFICIT] + told[Code.UNCOVERED]
            assert backed == sum(told[code] for code in promised)
            bound = told[Code.REFUNDABLE_ADVANCE] + told[Code.SUSPENSE]
            in_bank = told[Code.CASH] - told[Code.BANK_OVERDRAFT]
            assert in_bank == told[Code.CONTROL] - told[Code.DEFICIT] + bound
            owed = (Code.AWARDS_PAYABLE, Code.IN_TRANSIT, Code.RETURNED_PAYABLE, Code.UNCLAIMED)
            assert told[Code.COMMITTED] == sum(told[code] for code in owed)

    @invariant()
    def nothing_is_promised_anew_while_money_is_missing(self):
        for key in (A, B):
            told = {code: self.balances[code, key] for code in Code}
            assert not (told[Code.UNCOVERED] and told[Code.AVAILABLE])

    @invariant()
    def no_guarded_account_is_below_zero(self):
        assert all(cents >= 0 for (code, _), cents in self.balances.items() if code in GUARDED)

    @invariant()
    def debits_equal_credits(self):
        signed = (cents if code in DEBIT_NORMAL else -cents for (code, _), cents in self.balances.items())
        assert sum(signed) == 0


Books.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBooks = Books.TestCase
