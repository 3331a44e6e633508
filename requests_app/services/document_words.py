"""What documents are called and why one is not kept or does not serve, in the words that workers read."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain import errors
from fundmgr.domain.documents import DocumentKind, Refusal, Why
from fundmgr.domain.errors import Problem

_SENTENCES: dict[Refusal, Callable[[], str]] = {
    Refusal.NO_FILE: lambda: _("Choose a photo or a PDF"),
    Refusal.EMPTY: lambda: _("The file you chose is empty"),
    Refusal.TOO_LARGE: lambda: _("The file must be smaller than 10 MB"),
    Refusal.UNKNOWN_TYPE: lambda: _("The file must be a photo (JPG, PNG, HEIC) or a PDF"),
    Refusal.DAMAGED: lambda: _("We cannot open this file. Take the photo again, or save the file again"),
    Refusal.LOCKED: lambda: _("This PDF has a password. Send a copy without one, or a photo of it"),
    Refusal.VIRUS: lambda: _("The file has a virus. We did not keep it"),
    Refusal.TOO_MANY_PIXELS: lambda: _("The photo is too large. Take it again, or send a smaller copy"),
    Refusal.TOO_SMALL: lambda: _("The photo is too small to read. Take it again, closer"),
    Refusal.TOO_MANY_PAGES: lambda: _("The PDF must have 20 pages or less"),
    Refusal.TOO_COMPLEX: lambda: _("We cannot open this file. Send a photo of the paper instead"),
    Refusal.TOO_MANY_FILES: lambda: _("We keep no more files here. Call us if you have more to show"),
    Refusal.TAKES_NONE: lambda: _("This request takes no more files. Call us if you have something to show"),
}


def sentence(why: Refusal) -> str:
    """This will say why a file is not kept."""
    return _SENTENCES[why]()


def refused(why: Refusal) -> errors.InvalidInput:
    """This will return the refusal of a file as use cases raise it, for the field `file`."""
    return errors.InvalidInput(problems=[Problem("file", why.value, sentence(why))])


KINDS: dict[DocumentKind, Promise] = {
    DocumentKind.PROOF_OF_WORK: gettext_lazy("Proof that you worked on the show"),
    DocumentKind.PAY_STUB: gettext_lazy("Pay stub"),
    DocumentKind.CALL_SHEET: gettext_lazy("Call sheet"),
    DocumentKind.DEAL_MEMO: gettext_lazy("Deal memo or contract"),
    DocumentKind.EMPLOYER_LETTER: gettext_lazy("Letter from the show"),
    DocumentKind.RENT_NOTICE: gettext_lazy("Notice from your landlord"),
    DocumentKind.BILL: gettext_lazy("Bill"),
    DocumentKind.OTHER: gettext_lazy("Another paper"),
}
ASKS: dict[DocumentKind, Promise] = {
    DocumentKind.PROOF_OF_WORK: gettext_lazy("Show us that you worked on the show"),
    DocumentKind.PAY_STUB: gettext_lazy("Show us a pay stub"),
    DocumentKind.CALL_SHEET: gettext_lazy("Show us a call sheet with your name"),
    DocumentKind.DEAL_MEMO: gettext_lazy("Show us your deal memo or contract"),
    DocumentKind.EMPLOYER_LETTER: gettext_lazy("Show us a letter from the show"),
    DocumentKind.RENT_NOTICE: gettext_lazy("Show us the notice from your landlord"),
    DocumentKind.BILL: gettext_lazy("Show us the bill"),
    DocumentKind.OTHER: gettext_lazy("Show us one more paper"),
}
WHYS: dict[Why, Promise] = {
    Why.UNREADABLE: gettext_lazy("We could not read it. Take the photo again in good light."),
    Why.WRONG_PAPER: gettext_lazy("It is not the paper we asked for."),
    Why.NAME_MISSING: gettext_lazy("We could not see your name on it."),
    Why.DATE_MISSING: gettext_lazy("We could not see a date on it."),
    Why.CUT_OFF: gettext_lazy("A part of it is missing. Show the whole page."),
    Why.OTHER: gettext_lazy("We could not use it."),
}
