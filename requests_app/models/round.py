"""Allocation rounds: the frozen set, the rule, what each request would get, and who approved."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import RoundCause, RoundState
from fundmgr.models import PolicyVersion, Restriction, User
from fundmgr.models.base import FundRow, word_check, word_field
from requests_app.models.request import AssistanceRequest
from requests_app.models.round_sheet import award_of_member, shares_of_member

MOST_TICKETS = 10


class AllocationRound(FundRow):
    """One sharing of the available money among the eligible requests.

    Shapes: `freed_cents` is what came free since the round before, by cause, where that is why there is this
    one; the system is then its maker. `given_up_sequence` is the ledger's sequence when a person gave the
    round up: only money that comes free later offers the next one.
    """

    number = models.IntegerField()
    state = word_field(RoundState)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    rule = models.JSONField()
    estate_cents = models.BigIntegerField()
    frozen_count = models.IntegerField(default=0)
    frozen_cents = models.BigIntegerField(default=0)
    awarded_count = models.IntegerField(default=0)
    awarded_cents = models.BigIntegerField(default=0)
    leftover_cents = models.BigIntegerField(default=0)
    problem_digest = models.CharField(max_length=64, blank=True)
    result_digest = models.CharField(max_length=64, blank=True)
    preview = models.JSONField(null=True)
    cause = word_field(RoundCause, default=RoundCause.PERSON)
    freed_cents = models.JSONField(default=dict)
    # How an offered round stands to the round before it, in words.
    topup_note = models.CharField(max_length=400, blank=True)
    given_up_sequence = models.BigIntegerField(null=True)
    # The round whose people this one gives more, each towards what is missing to the need that counted.
    tops_up = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="topped_up_by")
    # How money with conditions is shared: 1 for rounds made before a pot could pay a part of a request.
    sharing_version = models.SmallIntegerField(default=2, db_default=2)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            word_check("round_state", "state", RoundState),
            word_check("round_cause", "cause", RoundCause),
            # Who wants a round stands on it; what money brought has no maker, so that anybody may check it.
            models.CheckConstraint(
                name="round_maker",
                condition=Q(cause=RoundCause.PERSON.value, created_by__isnull=False)
                | (~Q(cause=RoundCause.PERSON.value) & Q(created_by__isnull=True, proposed_by__isnull=True)),
            ),
            models.UniqueConstraint(fields=["fund", "number"], name="round_number"),
            models.UniqueConstraint(
                fields=["fund"],
                condition=Q(state__in=[RoundState.DRAFT.value, RoundState.PROPOSED.value]),
                name="one_open_round",
            ),
            models.CheckConstraint(
                name="round_within_estate", condition=Q(awarded_cents__lte=F("estate_cents"))
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number}"


class RoundPot(FundRow):
    """The money of one restriction when the set was frozen, and what the rule takes of it.

    Shapes: position 0 is the money that no donor tied to anything.
    """

    round = models.ForeignKey(AllocationRound, on_delete=models.PROTECT, related_name="pots")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")
    position = models.IntegerField()
    rule = models.JSONField(default=dict)
    available_cents = models.BigIntegerField()
    used_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="round_pot_position"),
            models.UniqueConstraint(fields=["round", "restriction"], name="round_pot_once"),
            models.CheckConstraint(
                name="round_pot_within", condition=Q(used_cents__range=(0, F("available_cents")))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} pot {self.position}"


class _WithAwards(models.Manager["RoundRequest"]):
    def get_queryset(self) -> "models.QuerySet[RoundRequest]":
        found = super().get_queryset()
        return found.annotate(award_cents=award_of_member(), share_cents=shares_of_member())


class RoundRequest(FundRow):
    """A request as it stood when the set was frozen, and what the rule gives it.

    Shapes: `usable_cents` is what each pot of the round may pay of it at most, `share_cents` what each pays;
    both are empty where the round has one pot. What the rule gives stands on the round's sheets. `tickets`
    and `is_withdrawn` count in a draw alone: the latter left between the freezing and the proposal, so that
    its tickets fall to the next. `tier` is 1 for an urgent request, 2 for any other, and 0 in a round frozen
    before there were tiers. `before_cents` is from awards of before, in a round that tops them up; what is
    capped is then what is missing. `verified_cents` is the whole need, capped by nothing: a
    round's figures tell how much of it is met.
    """

    round = models.ForeignKey(AllocationRound, on_delete=models.PROTECT, related_name="members")
    request = models.ForeignKey(AssistanceRequest, on_delete=models.PROTECT, related_name="+")
    request_version = models.IntegerField()
    position = models.IntegerField()
    capped_cents = models.BigIntegerField()
    usable_cents = ArrayField(models.BigIntegerField(), default=list)
    tickets = models.IntegerField(default=1)
    is_withdrawn = models.BooleanField(default=False)
    tier = models.SmallIntegerField(default=0)
    before_cents = models.BigIntegerField(default=0, db_default=0)
    verified_cents = models.BigIntegerField(default=0, db_default=0)

    objects = _WithAwards()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="round_request_tickets", condition=Q(tickets__range=(1, MOST_TICKETS))
            ),
            models.CheckConstraint(name="round_request_tier", condition=Q(tier__range=(0, 2))),
            models.UniqueConstraint(fields=["round", "request"], name="round_request_once"),
            models.UniqueConstraint(fields=["round", "position"], name="round_position"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.position}"


class RoundApproval(FundRow):
    """One person's approval of a proposed round, bound to the result that person saw."""

    append_only = True

    round = models.ForeignKey(AllocationRound, on_delete=models.PROTECT, related_name="approvals")
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    result_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "approver"], name="round_approver_once")]

    def __str__(self) -> str:
        return f"{self.round} by {self.approver}"
