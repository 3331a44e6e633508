"""One file of a worker as it arrives: never more of it in memory than is kept, none of it on the disk."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from fundmgr.domain.documents import MOST_BYTES, MOST_READ_BYTES, Refusal
from requests_app.services import document_words

FILE = "file"
_UNREAD = "fundmgr.unread_upload"
View = Callable[..., HttpResponse]


class Capped(FileUploadHandler):
    """Keeps a file in memory; what is beyond the limit is read and forgotten, so that the page can say so."""

    def new_file(self, *args: Any, **options: Any) -> None:
        """This will begin a file; no other handler sees it."""
        super().new_file(*args, **options)
        self.parts: list[bytes] = []
        self.size = 0
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """This will take the next part."""
        self.size += len(raw_data)
        if self.size <= MOST_BYTES:
            self.parts.append(raw_data)
        else:
            self.parts.clear()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """This will hand the file on, empty where it was too large; its size says so."""
        content = BytesIO(b"".join(self.parts))
        return InMemoryUploadedFile(
            content, self.field_name, self.file_name or "", self.content_type, self.size, self.charset
        )


class Unread(FileUploadHandler):
    """Reads nothing at all of a body that is far too large."""

    def handle_raw_input(self, *args: Any, **options: Any) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        """This will take the body as empty."""
        return QueryDict(), MultiValueDict()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """This will never be called."""

    def file_complete(self, file_size: int) -> None:
        """This will never be called."""


def taking_a_file(view: View) -> View:
    """This will let a view take a file, its size looked at before the form token, which lies in the body."""
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        if request.method != "POST":
            return checked(request, *args, **keys)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MOST_READ_BYTES:
            # The view only tells so, and needs no form token for that.
            request.META[_UNREAD] = True
            request.upload_handlers = [Unread(request)]
            return view(request, *args, **keys)
        request.upload_handlers = [Capped(request)]
        return checked(request, *args, **keys)

    return opened


def sent(request: HttpRequest) -> tuple[str, bytes]:
    """This will return the name and bytes of the file that was sent. Errors: InvalidInput (field `file`)."""
    if request.META.get(_UNREAD):
        raise document_words.refused(Refusal.TOO_LARGE)
    try:
        file = request.FILES.get(FILE)
    except MultiPartParserError:
        raise document_words.refused(Refusal.NO_FILE) from None
    if file is None:
        raise document_words.refused(Refusal.NO_FILE)
    if (file.size or 0) > MOST_BYTES:
        raise document_words.refused(Refusal.TOO_LARGE)
    return file.name or "", file.read()
