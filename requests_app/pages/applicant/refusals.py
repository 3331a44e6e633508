"""What a refusal means to a worker, in words."""

from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.errors import FundError


def sentence(error: FundError) -> str:
    """This will say what a refusal means to a worker."""
    sentences = {
        errors.LiveRequestExists: _("You already have a request with this fund."),
        errors.AppealTooLate: _("The time to ask is over"),
        errors.NotAppealable: _("A second look would not help here"),
        errors.AppealIsFinal: _("This has moved on since you looked. Look at your request."),
        errors.FundClosed: _("The fund is not taking requests now. Your answers are kept."),
        errors.KeyInFlight: _("We are still sending the first one. Look again in a moment."),
        errors.KeyReused: _("This page was sent before with other words. Look at it, then send it again."),
        errors.WrongState: _("This has moved on since you looked. Look at your request."),
        errors.StaleVersion: _(
            "This was changed in another window or on another phone. Look at both, then send what is right."
        ),
        errors.OutcomeUnknown: _(
            "The line broke, so we cannot say whether this was sent. Send it once more."
        ),
        errors.Busy: _("Many people are here right now. Nothing was lost. Try again in a moment."),
    }
    return sentences.get(type(error), error.sentence)


def signed_out(*, is_kept: bool) -> str:
    """This will say what became of a form that was sent after the half hour."""
    if is_kept:
        return _(
            "You were signed out after 30 minutes. We keep what you wrote for 30 minutes more. "
            "Get a code, then send what you wrote."
        )
    return _("You were signed out after 30 minutes. Get a code, then send it again.")
