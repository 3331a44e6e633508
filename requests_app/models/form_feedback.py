"""How workers found the form, kept without saying who they are."""

from django.db import models

from fundmgr.domain.opinions import FormOpinion
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField


class FormFeedback(FundRow):
    """One opinion; nothing in the row leads to a person, and its time is that of the day's beginning."""

    opinion = word_field(FormOpinion)
    text = EncryptedTextField(null=True)
    language = models.CharField(max_length=8, default="en")
    # The random mark of the page that was sent, so that two taps are one opinion.
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [
            word_check("form_feedback_opinion", "opinion", FormOpinion),
            models.UniqueConstraint(fields=["mark"], name="form_feedback_mark"),
        ]
        indexes = [models.Index(fields=["fund", "-id"], name="form_feedback_newest")]

    def __str__(self) -> str:
        return str(self.opinion)
