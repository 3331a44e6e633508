"""Files of workers: what each is and where it lies; the bytes lie encrypted in the store (ports/files.py)."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.documents import DocumentKind, Why
from fundmgr.domain.lifecycle import KEPT_DOCUMENT_STATES, DocumentState
from fundmgr.models import User
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.request import AssistanceRequest, InfoRequest

_KEPT = Q(state__in=sorted(state.value for state in KEPT_DOCUMENT_STATES))


class Document(FundRow):
    """One file of a draft or a request; when its bytes are gone the row stays as the tombstone.

    Shapes: `draft_id` is no foreign key, for the tombstone outlives the draft; `place` is empty once the
    bytes are gone; `sent_sha256` is of the bytes as they came, `sha256` of the clean copy that is kept;
    `ask` is what the file answers.
    """

    draft_id = models.UUIDField(null=True)
    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.PROTECT, null=True, related_name="documents", db_index=False
    )
    ask = models.ForeignKey(
        InfoRequest, on_delete=models.PROTECT, null=True, related_name="documents", db_index=False
    )
    kind = word_field(DocumentKind)
    state = word_field(DocumentState)
    place = models.CharField(max_length=40, blank=True)
    name = EncryptedTextField(null=True)
    media_type = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    pages = models.IntegerField(default=1)
    sent_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    added_by = models.CharField(max_length=60)
    why = models.CharField(max_length=24, blank=True, choices=[(word.value, word.value) for word in Why])
    note = EncryptedTextField(null=True)
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    judged_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("document_kind", "kind", DocumentKind),
            word_check("document_state", "state", DocumentState),
            models.CheckConstraint(name="document_size", condition=Q(size_bytes__gt=0)),
            models.CheckConstraint(
                name="document_owner", condition=Q(draft_id__isnull=False) | Q(request__isnull=False)
            ),
            models.CheckConstraint(
                name="document_bytes",
                condition=(_KEPT & ~Q(place="") & Q(gone_at__isnull=True))
                | (~_KEPT & Q(place="") & Q(name__isnull=True) & Q(gone_at__isnull=False)),
            ),
            models.UniqueConstraint(fields=["place"], condition=~Q(place=""), name="document_place"),
            models.UniqueConstraint(
                fields=["draft_id", "sent_sha256"], condition=_KEPT, name="document_once_a_draft"
            ),
            models.UniqueConstraint(
                fields=["request", "sent_sha256"], condition=_KEPT, name="document_once_a_request"
            ),
        ]
        indexes = [
            models.Index(fields=["draft_id", "id"], name="document_by_draft"),
            models.Index(fields=["request", "id"], name="document_by_request"),
            models.Index(fields=["fund", "sent_sha256"], name="document_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
