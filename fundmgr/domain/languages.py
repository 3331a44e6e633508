"""The languages in which people are written to."""

from enum import StrEnum


class Language(StrEnum):
    """One language by its code, ISO 639-1."""

    ENGLISH = "en"
    SPANISH = "es"
