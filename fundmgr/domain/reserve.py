"""What the reserve may be used for: it is kept back from each receipt for what comes later than a round."""

from enum import StrEnum


class ReserveGround(StrEnum):
    """What money of the reserve is used for; it goes to nothing else."""

    SECOND_LOOK = "SECOND_LOOK"
    RETURN = "RETURN"
    HARDSHIP = "HARDSHIP"
    END_OF_FUND = "END_OF_FUND"
