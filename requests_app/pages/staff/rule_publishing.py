"""What everybody would read of the chosen rule, what they read now, and the button between the two."""

from collections.abc import Mapping, Sequence
from typing import Any

from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.money import dollars
from fundmgr.domain.permissions import Action
from fundmgr.queries import funds
from requests_app.exports import rule_words
from requests_app.exports.rule_text import in_each_language
from requests_app.pages.staff import round_rules
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.round_rules import RULES, Setting
from requests_app.queries import published_rules
from requests_app.queries.console import WorkbenchPage
from requests_app.queries.published_rules import ROUND, PublishedRule
from requests_app.templatetags.fund_ui import when

LANGUAGES = {"en": "English", "es": "Spanish"}


def publication(
    door: Door, found: WorkbenchPage, settings: Sequence[Setting], chosen: str
) -> Mapping[str, Any] | None:
    """This will return the words of the chosen rule and what the form must send; None without one to tell."""
    setting = next((one for one in settings if one.rule.code == chosen), None)
    if setting is None or setting.errors:
        return None
    document = setting.document()
    if document.get("floor_cents", 0) > found.policy.award_cap_cents:
        # No need reaches it, so nothing may be promised by it.
        return None
    promises = published_rules.promises(
        document,
        cap_cents=found.policy.award_cap_cents,
        is_restricted=len(found.pool.pots) > 1,
    )
    said = in_each_language(promises)
    return {
        "title": setting.rule.title,
        "now": _now(found),
        "languages": [{"code": code, "name": LANGUAGES[code], "sentences": said[code]} for code in said],
        "url": door.url("rule_publish") if door.may(Action.ROUND_PROPOSE) else "",
        "hidden": hidden(setting, [one.rule.code for one in settings]),
    }


def chosen_rule(door: Door) -> Setting:
    """This will read the rule that was chosen in a form. Errors: InvalidInput where its knobs are wrong."""
    sent = door.request.POST
    code = sent.get("chosen", "")
    cap_cents = funds.policy_in_force(door.fund_id).award_cap_cents
    setting = round_rules.read(code, sent, cap_cents=cap_cents) if code in RULES else None
    if setting is None or setting.errors:
        raise InvalidInput("Choose a rule, and look at its figures once more.")
    return setting


def hidden(chosen: Setting, shown: Sequence[str]) -> list[Mapping[str, str]]:
    """This will return what a form about the chosen rule sends beside its token."""
    code = chosen.rule.code
    return [
        {"name": "chosen", "value": code},
        {"name": "rules", "value": ",".join(shown)},
        *({"name": f"{code}-{name}", "value": value} for name, value in chosen.typed.items()),
    ]


def _now(found: WorkbenchPage) -> str:
    told = found.told
    if found.void_rule is not None:
        cap = dollars(found.policy.award_cap_cents, whole=True)
        floor, day = dollars(found.void_rule.rule["floor_cents"]), when(found.void_rule.created_at, "full")
        return (
            f"The rule that was published on {day} is void: its smallest grant of {floor} is above the "
            f"policy's cap, which is {cap} now. {_told(told)}"
        )
    return _told(told, cap_cents=found.policy.award_cap_cents)


def _told(told: PublishedRule | None, *, cap_cents: int | None = None) -> str:
    if told is None:
        return "Everybody is told nothing of a rule now."
    title, day = rule_words.title_of(told.rule), when(told.since, "full")
    if told.source == ROUND:
        return f"Everybody reads now: {title}, by which round {told.round_number} was shared on {day}."
    said = f"Everybody reads now: {title}, published on {day}."
    if told.cap_then_cents is None or cap_cents in (None, told.cap_then_cents):
        return said
    then, now = dollars(told.cap_then_cents, whole=True), dollars(cap_cents or 0, whole=True)
    return f"{said} The policy's cap was {then} then and is {now} now; everybody reads the new one."
