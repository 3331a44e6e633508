"""The words that workers read for what the system knows by codes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundmgr.domain.eligibility import Engagement, NeedCategory, Reason, Urgency

Word = str | Promise

# In the order in which the form asks; the words of the report's categories stay short.
NEEDS: dict[NeedCategory, Word] = {
    NeedCategory.RENT: _("Rent or mortgage"),
    NeedCategory.FOOD: _("Food"),
    NeedCategory.HEALTH: _("Health insurance"),
    NeedCategory.UTILITIES: _("Lights, water or phone"),
    NeedCategory.CAR: _("Car or bus"),
    NeedCategory.CARE: _("Child or family care"),
    NeedCategory.OTHER: _("Something else"),
}
# The value is what is stored, so that a craft reads the same whichever door it came through.
CRAFTS: list[tuple[str, Word]] = [
    ("Camera", _("Camera")),
    ("Grip and craft service", _("Grip or craft service")),
    ("Lighting", _("Lighting")),
    ("Costumes", _("Costumes")),
    ("Hair and make-up", _("Hair or make-up")),
    ("Property and construction", _("Props or construction")),
    ("Editing", _("Editing")),
    ("Sound", _("Sound")),
    ("Driving and locations", _("Driving or locations")),
    ("Cast, background, stunts", _("Cast, background or stunts")),
    ("Other", _("Something else")),
]
ENGAGEMENTS: list[tuple[str, Word]] = [
    (Engagement.DIRECT.value, _("Hired by the show")),
    (Engagement.LOAN_OUT.value, _("Through my own company (a loan\N{NON-BREAKING HYPHEN}out)")),
    (Engagement.DAY_PLAYER.value, _("By the day")),
    (Engagement.NOT_SURE.value, _("I'm not sure")),
]
# What is at stake when a worker says that one of these is about to be lost.
AT_STAKE: dict[NeedCategory, Urgency] = {
    NeedCategory.RENT: Urgency.EVICTION,
    NeedCategory.UTILITIES: Urgency.SHUT_OFF,
    NeedCategory.HEALTH: Urgency.NO_HEALTH_COVER,
}
REASONS: dict[Reason, Word] = {
    Reason.INCOMPLETE_DOCS: _("We could not see that you worked on one of the shows of this fund."),
    Reason.NOT_IN_CLASS: _("This fund is only for people who worked on its shows."),
    Reason.NO_LOSS_LINK: _("We could not see that the strikes took your work."),
    Reason.EXPENSE_NOT_ELIGIBLE: _("This fund cannot pay for what you asked."),
    Reason.EVENT_OUT_OF_WINDOW: _("Your work was outside the dates of this fund."),
    Reason.OTHER_AID_COVERS: _("Other help covers what you asked for."),
    Reason.DUPLICATE_PERSON: _("You have another request with this fund. We go on with that one."),
    Reason.DUPLICATE_HOUSEHOLD: _(
        "Your household has another request with this fund. We go on with that one."
    ),
    Reason.PRIOR_AWARD_LIMIT: _("This fund paid your household before, up to its limit."),
    Reason.IDENTITY_UNVERIFIED: _("We could not check who asks."),
    Reason.FALSE_STATEMENT: _("Some of what was written did not fit with what we found."),
    Reason.UNREACHABLE: _("We asked you something and did not hear from you."),
    Reason.LATE: _("Your request came after the last day."),
    Reason.NOT_FUNDED_BUDGET: _("There was not enough money."),
}
CHANNELS: dict[str, Word] = {
    "BANK": _("Bank transfer"),
    "CARD": _("Prepaid card by mail"),
    "CHECK": _("Check by mail"),
    "PICK_UP": _("Pick up a check at the fund's office"),
}
# The same ways as a sentence joins them: "a bank transfer, a prepaid card or a check by mail".
WAYS_IN_A_SENTENCE: dict[str, Word] = {
    "BANK": _("a bank transfer"),
    "CARD": _("a prepaid card"),
    "CHECK": _("a check by mail"),
    "PICK_UP": _("a check that you pick up"),
}
