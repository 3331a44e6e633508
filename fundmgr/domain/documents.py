"""Documents of workers: what may be asked for, what is kept, and why a file is refused."""

from enum import StrEnum

MOST_BYTES = 10_000_000
# More than this is not even read to its end: nobody's photo is so large.
MOST_READ_BYTES = 60_000_000
# Kept with a form, and kept with a request once it is sent.
MOST_AT_FIRST = 5
MOST_IN_ALL = 20
MOST_NAME_LETTERS = 120
# Of one draft or request, those taken away counted too: nobody needs so many tries.
MOST_TRIES = 60


class DocumentKind(StrEnum):
    """What a document shows: a reviewer asks for one of these by name."""

    PROOF_OF_WORK = "PROOF_OF_WORK"
    PAY_STUB = "PAY_STUB"
    CALL_SHEET = "CALL_SHEET"
    DEAL_MEMO = "DEAL_MEMO"
    EMPLOYER_LETTER = "EMPLOYER_LETTER"
    RENT_NOTICE = "RENT_NOTICE"
    BILL = "BILL"
    OTHER = "OTHER"


class Why(StrEnum):
    """Why a document does not serve; the worker reads it in their own words."""

    UNREADABLE = "UNREADABLE"
    WRONG_PAPER = "WRONG_PAPER"
    NAME_MISSING = "NAME_MISSING"
    DATE_MISSING = "DATE_MISSING"
    CUT_OFF = "CUT_OFF"
    OTHER = "OTHER"


class Refusal(StrEnum):
    """Why a file is not kept."""

    NO_FILE = "no_file"
    EMPTY = "empty_file"
    TOO_LARGE = "file_too_large"
    UNKNOWN_TYPE = "unknown_file_type"
    DAMAGED = "damaged_file"
    LOCKED = "locked_file"
    VIRUS = "virus"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_COMPLEX = "too_complex"
    TOO_MANY_FILES = "too_many_files"
    TAKES_NONE = "takes_no_files"


class NotKept(Exception):
    """A file that is refused."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why
