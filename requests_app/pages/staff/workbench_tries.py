"""The rules on the workbench worked out; one that the engine refuses is told at its knob."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from fundmgr.domain.errors import InvalidInput
from requests_app.pages.staff import round_rules, workbench_parts, workbench_people
from requests_app.pages.staff.doors import STATUS, Door
from requests_app.pages.staff.round_rules import Setting
from requests_app.services import workbench
from requests_app.services.workbench import Comparison


class Tried(NamedTuple):
    """The settings with what was wrong, and the usable ones worked out: titles, chosen, pair, figures."""

    settings: list[Setting]
    titles: dict[str, str]
    chosen: str
    pair: tuple[int, int] | None
    compared: Comparison


def tried(door: Door, settings: Sequence[Setting], sent: Mapping[str, Any], *, cap_cents: int) -> Tried:
    """This will work out every rule that can be applied.

    Units: cents.
    Errors: those of workbench.compare, except for a rule that cannot be applied, which is marked.
    """
    marked = list(settings)
    while True:
        usable = [setting for setting in marked if not setting.errors]
        titles = round_rules.titles(usable, cap_cents=cap_cents)
        asked = str(sent.get("chosen", ""))
        # Whoever mistypes a number of the chosen rule has not chosen another one.
        is_here = asked in {setting.rule.code for setting in marked}
        chosen = asked if is_here else next(iter(titles), "")
        pair = workbench_parts.chosen_pair(list(titles), sent, chosen)
        try:
            compared = workbench.compare(
                fund_id=door.fund_id,
                rules=[setting.tried() for setting in usable],
                pair=pair,
                population=workbench_people.read(sent),
                by=door.actor,
                now=door.now,
            )
        except InvalidInput as refusal:
            door.status = STATUS[refusal.kind]
            marked = _marked(marked, usable, refusal)
        else:
            return Tried(marked, titles, chosen, pair, compared)


def _marked(settings: Sequence[Setting], usable: Sequence[Setting], refusal: InvalidInput) -> list[Setting]:
    """Each refusal takes at least one rule away, so that the trying ends."""
    faults = {}
    for problem in refusal.problems:
        list_name, _, rest = problem.field.partition(".")
        place = rest.partition(".")[0]
        if list_name == "rules" and place.isdecimal():
            faults[usable[int(place)].rule.code] = problem.sentence
    if not faults:
        raise refusal
    return [
        replace(setting, errors={setting.rule.knobs[0].name: faults[setting.rule.code]})
        if setting.rule.code in faults
        else setting
        for setting in settings
    ]
