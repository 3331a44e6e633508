"""That a worker is reached another way than before."""

from django.db import models

from fundmgr.models.base import FundRow
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.people import Applicant


class ContactChange(FundRow):
    """One change of a worker's contact; the old one is kept, for it hears of what is changed soon after."""

    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Null once the person is erased.
    old_contact = EncryptedTextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["applicant", "-created_at"], name="contact_change_newest")]

    def __str__(self) -> str:
        return str(self.id)
