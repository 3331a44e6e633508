"""What people promise on the public page, before the fund has taken their word."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.lifecycle import PledgeOfferState
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.commitment import Commitment
from fundmgr.models.encrypted import EncryptedTextField
from fundmgr.models.people import User

MOST_WISH, MOST_REPLY = 120, 300
_S = PledgeOfferState


class PledgeOffer(FundRow):
    """A promise of somebody whom nobody knows yet. It is no money: no figure counts it.

    Shapes: `wish` is what the money should be for, in the giver's words; only the keyed hash of the link's
    token is kept; `sent_hash` is of one sending of the form, so that sent twice it is one row; `reason` is
    the fund's own note of why it was turned down, `reply` what the giver is told of it.
    Units: cents.
    """

    name = EncryptedTextField()
    contact = EncryptedTextField()
    contact_hash = models.CharField(max_length=64)
    amount_cents = models.BigIntegerField()
    meant_on = models.DateField(null=True)
    wish = models.CharField(max_length=MOST_WISH, blank=True)
    shows_name = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="en")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    state = word_field(PledgeOfferState)
    proved_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    reply = models.CharField(max_length=MOST_REPLY, blank=True)
    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, null=True, related_name="offer")

    class Meta:
        indexes = [
            models.Index(fields=["fund", "-id"], name="pledge_offer_by_fund"),
            models.Index(fields=["contact_hash", "-created_at"], name="pledge_offer_by_contact"),
        ]
        constraints = [
            word_check("pledge_offer_state", "state", PledgeOfferState),
            models.UniqueConstraint(fields=["fund", "sent_hash"], name="pledge_offer_sent_once"),
            models.CheckConstraint(name="pledge_offer_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="pledge_offer_proved",
                condition=Q(state=_S.WAITING_FOR_MAIL.value, proved_at__isnull=True)
                | (~Q(state=_S.WAITING_FOR_MAIL.value) & Q(proved_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="pledge_offer_decided",
                condition=Q(
                    state__in=[_S.WAITING_FOR_MAIL.value, _S.PROVED.value],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | Q(
                    state__in=[_S.TAKEN.value, _S.TURNED_DOWN.value],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="pledge_offer_commitment",
                condition=Q(state=_S.TAKEN.value, commitment__isnull=False)
                | (~Q(state=_S.TAKEN.value) & Q(commitment__isnull=True)),
            ),
            models.CheckConstraint(
                name="pledge_offer_reply", condition=Q(reply="") | Q(state=_S.TURNED_DOWN.value)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
