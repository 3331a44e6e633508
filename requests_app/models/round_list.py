"""The list of a round as it is published: tokens instead of people, its root, and what a draw adds to it."""

from django.db import models
from django.db.models import Q

from fundmgr.models import User
from fundmgr.models.base import FundRow
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.round import AllocationRound

SECRETS_NEEDED = 2


class RoundList(FundRow):
    """What is published of a frozen set.

    Shapes: `salt` makes the tokens, so that nobody finds a person by trying; `list_root` is the list's hash.
    For a draw alone: `beacon_round` is the public value named beforehand, or None; `beacon_value` and `seed`
    come when the secrets are told.
    """

    round = models.OneToOneField(AllocationRound, on_delete=models.PROTECT, related_name="published")
    salt = EncryptedTextField[str, str]()
    list_root = models.CharField(max_length=64)
    beacon_round = models.BigIntegerField(null=True)
    beacon_value = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="round_list_beacon", condition=Q(beacon_value="") | Q(beacon_round__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"list of {self.round}"


class RoundSecret(FundRow):
    """One person's part in a draw's seed: the hash first, the secret when both hashes are there."""

    round = models.ForeignKey(AllocationRound, on_delete=models.PROTECT, related_name="secrets")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()
    commitment = models.CharField(max_length=64)
    secret = EncryptedTextField[str | None, str | None](null=True)
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="round_secret_once"),
            models.UniqueConstraint(fields=["round", "place"], name="round_secret_place"),
            # A hash that was used before may be one whose secret is known.
            models.UniqueConstraint(fields=["commitment"], name="round_secret_new"),
            models.CheckConstraint(name="round_secret_places", condition=Q(place__range=(1, SECRETS_NEEDED))),
            models.CheckConstraint(
                name="round_secret_hash", condition=Q(commitment__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="round_secret_told",
                condition=Q(secret__isnull=True, revealed_at__isnull=True)
                | Q(secret__isnull=False, revealed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"secret {self.place} of {self.round}"
