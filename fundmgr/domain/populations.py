"""A part of those who wait, to try rules on: by show, craft, local and urgency. A round is for everybody."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Pressing(StrEnum):
    """Whether a request says what is about to be lost."""

    URGENT = "URGENT"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Population:
    """Whom rules are tried on; what is empty does not narrow it, and upper and lower case are alike.

    Shapes: `urgency` is a word of Pressing or empty.
    """

    show: str = ""
    craft: str = ""
    union_local: str = ""
    urgency: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Population":
        """This will read a population from its words by name, as to_json wrote them; others are ignored."""
        return cls(**{name: str(said.get(name, "")) for name in cls.__dataclass_fields__})

    @property
    def is_everybody(self) -> bool:
        """Whether nothing narrows it."""
        return self == EVERYBODY

    def to_json(self) -> dict[str, str]:
        """This will return the words that narrow it, by name; nothing for everybody."""
        return {name: word for name, word in asdict(self).items() if word}


EVERYBODY = Population()
