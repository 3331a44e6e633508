"""Whom rules are tried on, in words: for a page, and for a board's paper in its language."""

from django.utils.translation import gettext_noop

from fundmgr.domain.populations import Population, Pressing
from requests_app.exports.paper_words import on_paper as _

URGENCIES = {
    Pressing.URGENT: gettext_noop("urgent requests"),
    Pressing.OTHER: gettext_noop("requests that are not urgent"),
}
_NAMED = {
    "show": gettext_noop("show %(word)s"),
    "craft": gettext_noop("craft %(word)s"),
    "union_local": gettext_noop("local %(word)s"),
}


def told(population: Population) -> str:
    """This will say what narrows a population, with commas; empty for everybody."""
    words = population.to_json()
    said = [_(form) % {"word": words[name]} for name, form in _NAMED.items() if name in words]
    if population.urgency in URGENCIES:
        said.append(_(URGENCIES[Pressing(population.urgency)]))
    return ", ".join(said)
