"""What people say of the form that they filled in."""

from enum import StrEnum


class FormOpinion(StrEnum):
    """How the form was."""

    EASY = "EASY"
    FAIR = "FAIR"
    HARD = "HARD"
