"""How a donor is tied to those who run a fund, which tax law asks about."""

from enum import StrEnum

from fundmgr.domain.errors import Problem


class InsiderRelation(StrEnum):
    """How a donor is tied to those who run the fund or whose workers it helps."""

    NONE = "NONE"
    EMPLOYER = "EMPLOYER"
    OFFICER = "OFFICER"
    FAMILY_OF_OFFICER = "FAMILY_OF_OFFICER"
    SUPPLIER = "SUPPLIER"
    OTHER = "OTHER"


def problems(relation: str, note: str) -> list[Problem]:
    """This will return what is wrong with a relation and its note, which OTHER needs and NONE has not."""
    if relation == InsiderRelation.OTHER and not note:
        return [Problem("relation_note", "missing", "Write how the donor is related to the fund.")]
    if relation == InsiderRelation.NONE and note:
        return [Problem("relation", "missing", "Choose the relation that the note tells of.")]
    return []
