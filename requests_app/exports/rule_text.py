"""A rule in words for everybody, in the reader's language: each sentence stands on a declared property.

Tests try every claim out on the engine, so a sentence without a claim cannot be said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain.money import dollars

Word = str | Promise
Promises = Mapping[str, Any]
LANGUAGES = ("en", "es")


class Claim(StrEnum):
    """What a sentence claims of the rule; the same in every language."""

    URGENT_FIRST = "urgent_first"
    URGENT_PART = "urgent_part"
    POTS_APART = "pots_apart"
    SURE_OF_FLOOR = "sure_of_floor"
    REST_IS_KEPT = "rest_is_kept"
    REST_IS_SHARED = "rest_is_shared"
    SHARED_BY_RULE = "shared_by_rule"
    ASKING_STOPS_HELPING = "asking_stops_helping"
    ASKING_CAN_HELP = "asking_can_help"
    ASKING_CAN_HELP_OR_HURT = "asking_can_help_or_hurt"
    ORDER_IS_DRAWN = "order_is_drawn"
    ORDER_COUNTS = "order_counts"
    ORDER_IS_NOTHING = "order_is_nothing"
    CAPPED = "capped"
    ASKING_ABOVE_CAP = "asking_above_cap"
    POINTS_NEVER_HURT = "points_never_hurt"
    URGENT_TICKETS = "urgent_tickets"
    EVERYBODY_GETS = "everybody_gets"
    SOME_GET_NOTHING = "some_get_nothing"
    MONEY_NEVER_HURTS = "money_never_hurts"
    MONEY_CAN_HURT = "money_can_hurt"


@dataclass(frozen=True)
class Said:
    """One sentence or two, with the few words that may stand before them in bold."""

    claim: Claim
    text: str
    title: str = ""


@dataclass(frozen=True)
class RuleText:
    """How a rule shares, step by step, and what helps or does not help the one who asks."""

    steps: tuple[Said, ...]
    notes: tuple[Said, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, for programs: the notes first, which answer what people ask."""
        return tuple(one.text for one in (*self.notes, *self.steps))


def rule_text(promises: Promises) -> RuleText:
    """This will put a rule's promises into words.

    Shapes: plain values as `queries.published_rules.promises` writes them.
    """
    return RuleText(tuple(_steps(promises)), tuple(_notes(promises)))


def asking_text(promises: Promises, *, needed_cents: int) -> str:
    """This will say whether one who needs so much would get more by asking for more.

    Units: cents; the need is less other help, as it counts.
    """
    is_above = needed_cents > promises["cap_cents"] and not promises["restricted"]
    return (_cap(promises) if is_above else _asking(promises)).text


def in_each_language(promises: Promises) -> dict[str, list[str]]:
    """This will return every sentence in each language of the public pages, by its code."""
    said = {}
    for code in LANGUAGES:
        with translation.override(code):
            said[code] = list(rule_text(promises).sentences)
    return said


_TITLES: dict[str, Word] = {
    "equal_awards": gettext_lazy("The same for everyone."),
    "proportional": gettext_lazy("The same share for everyone."),
    "equal_losses": gettext_lazy("The same gap for everyone."),
    "talmud": gettext_lazy("Half first."),
    "queue": gettext_lazy("In the order of asking."),
    "draw": gettext_lazy("A draw."),
}
_TEXTS: dict[str, Word] = {
    "equal_awards": gettext_lazy("Each gets what they need, up to one amount that is the same for all."),
    "proportional": gettext_lazy("Each gets the same part of what they need, counted up to %(cap)s."),
    "equal_losses": gettext_lazy(
        "Of each need, counted up to %(cap)s, the same amount is missing. Small needs may get nothing."
    ),
    "talmud": gettext_lazy(
        "Needs are counted up to %(cap)s. Small needs are met up to half before large ones get more."
    ),
    "queue": gettext_lazy(
        "In the order of asking, each gets what they need, up to %(cap)s, until the money is gone."
    ),
    "draw": gettext_lazy(
        "Each name drawn gets what they need, up to %(cap)s, until the money is gone. "
        "Anyone can check the draw."
    ),
}
_BY_POINTS: dict[str, tuple[Word, Word]] = {
    "equal_awards": (
        gettext_lazy("The same for each point."),
        gettext_lazy("Each gets what they need, up to one amount for each point."),
    ),
    "proportional": (
        gettext_lazy("A share by need and points."),
        gettext_lazy(
            "Each gets a part of what they need, counted up to %(cap)s. More points can mean a larger part."
        ),
    ),
    "equal_losses": (
        gettext_lazy("A gap by points."),
        gettext_lazy("More points mean a smaller cut. Small needs may get nothing."),
    ),
    "talmud": (
        gettext_lazy("Half first, by points."),
        gettext_lazy(
            "Needs are counted up to %(cap)s. Nobody gets more than half of theirs before all have half."
        ),
    ),
}
_BY_POTS: dict[str, tuple[Word, Word]] = {
    "equal_awards": (
        gettext_lazy("As even as the gifts allow."),
        gettext_lazy("Each gets what they need, up to an amount that depends on which gifts fit."),
    ),
    "proportional": (
        gettext_lazy("As even as the gifts allow."),
        gettext_lazy("Each gets a part of what they need. The part depends on which gifts fit."),
    ),
}


def _steps(promises: Promises) -> Iterator[Said]:
    if promises["tiered"]:
        first = _(
            "The needs of the most urgent group, up to %(cap)s each, are met before others get anything."
        )
        first %= _cap_of(promises)
        then = _("The money is shared by the rule only inside the group where it ends.")
        yield Said(Claim.URGENT_FIRST, f"{first} {then}", _("Urgent requests first."))
    if promises.get("tier_shares_bp"):
        part = {"part": f"{promises['tier_shares_bp'][0] // 100}%"}
        text = _("%(part)s of the money is for urgent requests. What is not needed goes to the others.")
        yield Said(Claim.URGENT_PART, text % part, _("A part for urgent requests."))
    if promises["restricted"]:
        text = _("Some donors tied their money to a need or a group. That money goes only there.")
        yield Said(Claim.POTS_APART, text, _("Each gift for what it is meant for."))
    if promises["floor_cents"]:
        yield from _floor(promises)
    if not promises["holds_remainder"]:
        title, how = _how(promises)
        yield Said(Claim.SHARED_BY_RULE, _shared(promises, how), str(title))


def _shared(promises: Promises, text: Word) -> str:
    """How the money, or what smallest grants leave of it, is shared; of a round that is over, its amount."""
    how = str(text) % _cap_of(promises)
    if text is _TEXTS["equal_awards"]:
        how = " ".join([how, *_common_amount(promises)])
    if promises["floor_cents"]:
        return _("What the smallest grants leave is shared like this: %(how)s") % {"how": how}
    return how


def _common_amount(promises: Promises) -> Iterator[str]:
    if not promises.get("is_over"):
        yield _("This amount depends on the money.")
    elif promises["common_cents"]:
        yield _("This amount was %(amount)s.") % {"amount": dollars(promises["common_cents"])}


def _how(promises: Promises) -> tuple[Word, Word]:
    rule = str(promises["rule"])
    if promises["need_weighted"] and rule in _BY_POINTS:
        return _BY_POINTS[rule]
    if promises["restricted"] and rule in _BY_POTS:
        return _BY_POTS[rule]
    return _TITLES[rule], _TEXTS[rule]


def _floor(promises: Promises) -> Iterator[Said]:
    amount = {"amount": _whole(promises["floor_cents"])}
    title = _("First a smallest grant of %(amount)s.") % amount
    text = _("In the order of asking, each is sure of %(amount)s, or of all they need if that is less.")
    if promises["by_lot"]:
        text = _("In the order of the draw, each is sure of %(amount)s, or of all they need if that is less.")
    others = _("Whoever the money does not reach gets nothing.")
    yield Said(Claim.SURE_OF_FLOOR, f"{text % amount} {others}", title)
    if promises["holds_remainder"]:
        yield Said(
            Claim.REST_IS_KEPT, _("What the smallest grants leave stays in the fund."), _("Then no more.")
        )
    else:
        text = _("What the smallest grants leave goes to the same people, for what they still need.")
        yield Said(Claim.REST_IS_SHARED, text, _("Then the rest."))


def _notes(promises: Promises) -> Iterator[Said]:
    yield _asking(promises)
    yield _order(promises)
    yield _cap(promises)
    if promises["need_weighted"]:
        yield Said(Claim.POINTS_NEVER_HURT, _("More points never mean less money."))
    if promises["by_lot"] and promises["most_tickets"] > 1:
        yield Said(Claim.URGENT_TICKETS, _("Urgent requests have more tickets in the draw."))
    if promises["everybody_gets_a_part"]:
        yield Said(Claim.EVERYBODY_GETS, _("Everyone who meets the rules gets a part."))
    else:
        yield Said(Claim.SOME_GET_NOTHING, _("Some people may get nothing."))
    if promises["restricted"]:
        return
    if promises["more_money_never_hurts"]:
        yield Said(Claim.MONEY_NEVER_HURTS, _("New money never takes more than a cent from anyone’s share."))
    else:
        yield Said(Claim.MONEY_CAN_HURT, _("New money can make some shares smaller, as it lets others in."))


def _asking(promises: Promises) -> Said:
    if promises["asking"] == "up_to_level":
        text = _("Asking for more than the amount that is the same for all does not get you more.")
        return Said(Claim.ASKING_STOPS_HELPING, text)
    if promises["asking"] == "more":
        return Said(Claim.ASKING_CAN_HELP, _("A larger need can get more, so we check each need."))
    text = _("A larger need can get more, or nothing if it no longer fits. So we check each need.")
    return Said(Claim.ASKING_CAN_HELP_OR_HURT, text)


def _order(promises: Promises) -> Said:
    if promises["by_lot"]:
        return Said(Claim.ORDER_IS_DRAWN, _("Sending early does not help. The draw makes the order."))
    if promises["order_sensitive"]:
        return Said(Claim.ORDER_COUNTS, _("Sending early can help: who asked first comes first."))
    return Said(Claim.ORDER_IS_NOTHING, _("Sending early does not help."))


def _cap(promises: Promises) -> Said:
    amount = _cap_of(promises)
    if promises["restricted"]:
        return Said(Claim.CAPPED, _("No household gets more than %(cap)s.") % amount)
    return Said(Claim.ASKING_ABOVE_CAP, _("Asking for more than %(cap)s does not get you more.") % amount)


def _cap_of(promises: Promises) -> dict[str, str]:
    return {"cap": _whole(promises["cap_cents"])}


def _whole(cents: int) -> str:
    return dollars(cents, whole=True)
