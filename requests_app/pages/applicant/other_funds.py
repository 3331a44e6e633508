"""Help outside the fund, for those whom it cannot pay."""

from django.utils.translation import gettext as _


def other_funds() -> list[dict[str, str]]:
    """This will name help that exists outside the fund, with public names and addresses."""
    return [
        {
            "label": _("Unemployment insurance"),
            "url": "https://www.careeronestop.org/LocalHelp/UnemploymentBenefits/unemployment-benefits.aspx",
            "under": _("Weekly pay from your state"),
        },
        {
            "label": "Entertainment Community Fund",
            "url": "https://entertainmentcommunity.org",
            "under": _("Money for rent and bills, all crafts"),
        },
        {
            "label": "Motion Picture & Television Fund",
            "url": "https://mptf.com",
            "under": _("Money and social workers, cast and crew"),
        },
        {
            "label": _("Call 211"),
            "url": "tel:211",
            "under": _("Food, rent and bills near you, any hour"),
        },
    ]
