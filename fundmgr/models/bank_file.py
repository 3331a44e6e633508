"""Bank files on their way in: kept between the steps of an import, and gone after it."""

from django.db import models

from fundmgr.models.base import FundRow
from fundmgr.models.encrypted import EncryptedTextField
from fundmgr.models.people import User


class BankFile(FundRow):
    """One uploaded file, encrypted; `content` is its bytes in base64."""

    name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    content = EncryptedTextField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["fund", "-id"], name="bank_file_by_fund")]

    def __str__(self) -> str:
        return self.name
