"""People who want to hear when a fund takes requests again."""

from django.db import models

from fundmgr.models.base import FundRow
from fundmgr.models.encrypted import EncryptedTextField


class OpeningAsk(FundRow):
    """One contact to be told once; the row is removed when it was told, or when its owner asks for that."""

    contact = EncryptedTextField()
    contact_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="en")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "contact_hash"], name="opening_ask_contact")]

    def __str__(self) -> str:
        return str(self.id)
