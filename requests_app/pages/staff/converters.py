"""Public ids in addresses: `req_018f…` outside, a key inside; any other shape is no address at all."""

from uuid import UUID

from django.urls import register_converter

from fundmgr.domain import ids

PREFIXES = (
    "req",
    "dec",
    "apl",
    "rnd",
    "awd",
    "bat",
    "pay",
    "don",
    "com",
    "ofr",
    "rct",
    "rfd",
    "imp",
    "bkf",
    "rep",
    "job",
    "let",
    "acc",
    "trf",
    "prf",
    "fil",
    "rst",
    "rls",
    "rsu",
    "scn",
    "rev",
    "trn",
    "cls",
    "hov",
    "doc",
)


class _Key:
    prefix = ""
    regex = ""

    def to_python(self, value: str) -> UUID:
        """This will read the key."""
        key = ids.parse_public(self.prefix, value)
        if key is None:
            raise ValueError(value)
        return key

    def to_url(self, value: UUID) -> str:
        """This will write the key as the outside sees it."""
        return ids.public(self.prefix, value)


class Outcome:
    """What a group of proposals says."""

    regex = "eligible|not"

    def to_python(self, value: str) -> str:
        """This will keep the word."""
        return value

    def to_url(self, value: str) -> str:
        """This will keep the word."""
        return value


def register() -> None:
    """This will name one converter a prefix, so that `<req:request_id>` works in a path."""
    register_converter(Outcome, "outcome")
    for prefix in PREFIXES:
        shape = {"prefix": prefix, "regex": f"{prefix}_[0-9a-f]{{32}}"}
        register_converter(type(f"{prefix.title()}Key", (_Key,), shape), prefix)
