"""What is done from the workbench: a rule proposed or published, a scenario saved, a paper handed out."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from fundmgr.queries import funds
from requests_app.exports import attachment
from requests_app.pages.staff import doors, round_rules, rule_publishing, workbench, workbench_people
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.request_forms import EmptyForm
from requests_app.pages.staff.round_rules import Setting
from requests_app.pages.staff.scenarios import ScenarioForm, paper_language
from requests_app.services import board_papers, rounds, rule_publications, scenarios


@doors.act
def propose(door: Door) -> HttpResponse:
    """Freeze the list and propose the chosen rule."""
    door.require(Action.ROUND_PROPOSE)
    sent = door.request.POST

    def call(once: Once) -> Any:
        setting = _proposed(door)
        return rounds.propose_rule(
            fund_id=door.fund_id, rule=setting.document(), by=door.actor, now=door.now, once=once
        )

    done = door.attempt(EmptyForm(door.posted), call)
    if done:
        said = "The list is frozen and the round is proposed. Another person must approve it."
        return door.to("round", round_id=done.row_id, said=said)
    return workbench.show(door, sent)


@doors.act
def save(door: Door) -> HttpResponse:
    """Keep what stands on the workbench under a name."""
    door.require(Action.SCENARIO_SAVE)
    sent = door.request.POST
    form = ScenarioForm(door.posted)

    def call(once: Once) -> Any:
        settings = _settings(door, sent)
        if any(setting.errors for setting in settings):
            raise InvalidInput("Mend the numbers that are marked, then save.")
        codes, chosen = [setting.rule.code for setting in settings], sent.get("chosen", "")
        return scenarios.save(
            fund_id=door.fund_id,
            name=form.cleaned_data["name"],
            note=form.cleaned_data["note"],
            rules=[setting.tried() for setting in settings],
            chosen=codes.index(chosen) if chosen in codes else 0,
            population=workbench_people.read(sent),
            by=door.actor,
            now=door.now,
            once=once,
        )

    done = door.attempt(form, call)
    if done:
        return door.to("scenario", scenario_id=done.row_id, said="Saved. Nothing comes of it by itself.")
    return workbench.show(door, sent, form)


@doors.page
def paper(door: Door) -> HttpResponse:
    """Hand out the rules of the workbench on one page for the board."""
    door.require(Action.ROUND_READ)
    sent = door.asked
    settings = _settings(door, sent)
    if any(setting.errors for setting in settings):
        return workbench.show(door, sent)
    codes = [setting.rule.code for setting in settings]
    chosen = sent.get("chosen", "")
    made = board_papers.make(
        fund_id=door.fund_id,
        rules=[setting.tried() for setting in settings],
        chosen=codes.index(chosen) if chosen in codes else 0,
        population=workbench_people.read(sent),
        by=door.actor,
        now=door.now,
        language=paper_language(sent),
    )
    return HttpResponse(made.content, content_type="application/pdf", headers=attachment.headers(made.name))


@doors.act
def publish(door: Door) -> HttpResponse:
    """Tell everybody the chosen rule; nothing is shared by it."""
    door.require(Action.ROUND_PROPOSE)
    sent = door.request.POST

    def call(once: Once) -> Any:
        rule = rule_publishing.chosen_rule(door).document()
        return rule_publications.publish(
            fund_id=door.fund_id, rule=rule, by=door.actor, now=door.now, once=once
        )

    if door.attempt(EmptyForm(door.posted), call):
        kept = {name: sent[name] for name in sent if "-" in name or name in {"rules", "chosen"}}
        said = "Everybody reads this rule now: on the fund’s page within a minute."
        return door.to("workbench", query=kept, said=said)
    return workbench.show(door, sent)


def _proposed(door: Door) -> Setting:
    """Read the chosen rule, which must be one that a round can carry."""
    setting = rule_publishing.chosen_rule(door)
    if not workbench_people.read(door.request.POST).is_everybody:
        raise InvalidInput(workbench_people.FOR_EVERYBODY)
    refusal = round_rules.refusal(setting)
    if refusal:
        raise InvalidInput(f"Choose a rule that a round can carry. {refusal}")
    return setting


def _settings(door: Door, sent: Mapping[str, Any]) -> list[Setting]:
    cap_cents = funds.policy_in_force(door.fund_id).award_cap_cents
    return [
        round_rules.read(code, sent, cap_cents=cap_cents)
        for code in round_rules.shown(str(sent.get("rules", "")))
    ]
