"""Assistance requests: what was asked, every revision of it, and every move it made."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fundmgr.domain.documents import DocumentKind
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES, RequestState
from fundmgr.models import PolicyVersion, User
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.people import Applicant, Household


class Production(FundRow):
    """A show or film whose crew the fund helps."""

    name = models.CharField(max_length=120)
    place = models.CharField(max_length=60, blank=True)
    is_covered = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "name"], name="production_name")]

    def __str__(self) -> str:
        return self.name


class AssistanceRequest(FundRow):
    """One household's ask; the row is the latest revision, the older ones are kept beside it."""

    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, related_name="requests", db_index=False
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_index=False)
    policy = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    reference = models.CharField(max_length=12)
    state = word_field(RequestState)
    production = models.ForeignKey(
        Production, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    production_name = models.CharField(max_length=120)
    craft = models.CharField(max_length=60)
    job_title = models.CharField(max_length=80, blank=True)
    union_local = models.CharField(max_length=60, blank=True)
    engagement = models.CharField(max_length=12, blank=True)
    last_worked_on = models.DateField()
    adults_count = models.SmallIntegerField(default=1)
    children_count = models.SmallIntegerField(default=0)
    asked_cents = models.BigIntegerField()
    other_aid_cents = models.BigIntegerField(default=0)
    other_aid_note = EncryptedTextField(null=True)
    verified_cents = models.BigIntegerField(null=True)
    capped_cents = models.BigIntegerField(null=True)
    urgency = ArrayField(models.CharField(max_length=24), default=list)
    loss_on = models.DateField(null=True)
    statement = EncryptedTextField(null=True)
    language = models.CharField(max_length=8, default="en")
    channel = models.CharField(max_length=12)
    # Who filled the form in with the worker, in the words of the helper.
    helper_name = EncryptedTextField(null=True)
    filed_by = models.CharField(max_length=60)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    odds_shown = models.JSONField(null=True)
    submitted_at = models.DateTimeField()
    state_since = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            word_check("request_state", "state", RequestState),
            models.UniqueConstraint(fields=["reference"], name="request_reference"),
            models.UniqueConstraint(
                fields=["fund", "applicant"],
                condition=Q(state__in=sorted(state.value for state in LIVE_REQUEST_STATES)),
                name="one_live_request",
            ),
            models.CheckConstraint(
                name="request_amounts",
                condition=Q(asked_cents__gt=0, other_aid_cents__gte=0)
                & (Q(verified_cents__isnull=True) | Q(verified_cents__gte=0)),
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "state", "submitted_at", "id"], name="request_queue"),
            models.Index(fields=["fund", "submitted_at", "id"], name="request_by_age"),
            models.Index(fields=["fund", "-asked_cents", "id"], name="request_by_asked"),
            models.Index(fields=["applicant", "-id"], name="request_by_applicant"),
        ]

    def __str__(self) -> str:
        return self.reference


class NeedLine(FundRow):
    """One thing the money is for."""

    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.PROTECT, related_name="need_lines", db_index=False
    )
    category = word_field(NeedCategory)
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            word_check("need_line_category", "category", NeedCategory),
            models.CheckConstraint(name="need_line_amount", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(fields=["request", "category"], name="need_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.amount_cents}"


class RequestRevision(FundRow):
    """What the request said at one moment, as it was sent."""

    append_only = True
    erasable = ("answers",)

    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.PROTECT, related_name="revisions", db_index=False
    )
    number = models.IntegerField()
    actor = models.CharField(max_length=60)
    # Null once the person is erased.
    answers = EncryptedTextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="revision_number")]

    def __str__(self) -> str:
        return f"{self.request} revision {self.number}"


class RequestTransition(FundRow):
    """One move of a request from one state to the next."""

    append_only = True

    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.PROTECT, related_name="transitions", db_index=False
    )
    old_state = models.CharField(max_length=24, blank=True)
    new_state = word_field(RequestState)
    actor = models.CharField(max_length=60)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["request", "id"], name="transition_by_request")]

    def __str__(self) -> str:
        return f"{self.old_state} to {self.new_state}"


class InfoRequest(FundRow):
    """A question to the worker that stops the clock; with `document` it asks to be shown that."""

    request = models.ForeignKey(AssistanceRequest, on_delete=models.PROTECT, related_name="info_requests")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    document = models.CharField(
        max_length=24, blank=True, choices=[(kind.value, kind.value) for kind in DocumentKind]
    )
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"question on {self.request}"
