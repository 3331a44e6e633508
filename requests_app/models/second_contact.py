"""A second way to reach a worker, for when the first is silent."""

from django.db import models

from fundmgr.models.base import FundRow
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.people import Applicant


class SecondContact(FundRow):
    """A mail address beside a number, or the reverse; the row goes when its owner takes it away."""

    applicant = models.OneToOneField(Applicant, on_delete=models.PROTECT, related_name="second_contact")
    contact = EncryptedTextField()
    # False once the worker stopped all messages; it belongs to them alone, for others may share the address.
    takes_messages = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.id)
