"""Those who give."""

from django.db import models

from fundmgr.domain.insiders import InsiderRelation
from fundmgr.models.base import FundRow, word_check
from fundmgr.models.encrypted import EncryptedTextField


class Donor(FundRow):
    """A person or an organisation that gives."""

    name = models.CharField(max_length=160)
    is_organisation = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    is_substantial_contributor = models.BooleanField(default=False)
    relation = models.CharField(
        max_length=24, choices=[(word.value, word.value) for word in InsiderRelation], default="NONE"
    )
    relation_note = models.CharField(max_length=300, blank=True)
    contact = EncryptedTextField(null=True)
    contact_hash = models.CharField(max_length=64, blank=True)
    address = EncryptedTextField(null=True)
    language = models.CharField(max_length=8, default="en")
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["fund", "-id"], name="donor_by_fund"),
            models.Index(
                fields=["contact_hash"], condition=~models.Q(contact_hash=""), name="donor_by_contact"
            ),
        ]
        constraints = [word_check("donor_relation", "relation", InsiderRelation)]

    def __str__(self) -> str:
        return self.name


class DonorLink(FundRow):
    """One magic link to a donor's own view; only the keyed hash of its token is kept.

    Shapes: `contact_hash` is of the address that it went to: it opens nothing once the donor has another.
    """

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    contact_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    most_opens = models.IntegerField()
    opens = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="donor_link_opens", condition=models.Q(opens__range=(0, models.F("most_opens")))
            )
        ]

    def __str__(self) -> str:
        return str(self.donor_id)


class DonorLinkAsk(FundRow):
    """That somebody asked for a link to an address, which a donor may have or not; only its hash is kept."""

    contact_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["contact_hash", "-created_at"], name="link_ask_by_contact")]

    def __str__(self) -> str:
        return str(self.id)
