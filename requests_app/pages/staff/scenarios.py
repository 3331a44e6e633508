"""Pages of scenarios: the list, one on today's people and money, renamed, taken away, handed out on paper."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import ids, money
from fundmgr.domain.languages import Language
from fundmgr.domain.populations import Population
from requests_app.exports import attachment
from requests_app.pages.staff import doors, grid, lists, scenario_view
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import LineField, WholeField
from requests_app.pages.staff.request_forms import EmptyForm
from requests_app.queries import console
from requests_app.services import board_papers
from requests_app.services import scenarios as services
from requests_app.templatetags.fund_ui import when

HERE = "rounds"
MOST_VERSION = 10**9


class ScenarioForm(forms.Form):
    """A name and a note."""

    name = LineField(label="Name", most=80, missing="Write a name.")
    note = LineField(
        label="Note", most=500, required=False, help_text="Why this rule and not another. Name nobody."
    )


class RenameForm(ScenarioForm):
    """The same, for a scenario that is there."""

    version = WholeField(least=1, most=MOST_VERSION, empty=0, widget=forms.HiddenInput)


@doors.page
def scenarios(door: Door) -> HttpResponse:
    """Show the scenarios, newest first."""
    page = console.scenario_list(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "title": "Scenarios",
        "note": "Rules that were saved from the workbench. Nothing comes of them until one is proposed.",
        "actions": [{"label": "Open the workbench", "url": door.url("workbench")}],
        "columns": grid.columns("Scenario", "Rules", "People then#", "To share then, $#", "Saved by", "When"),
        "rows": [
            grid.row(
                grid.link(row.name, door.url("scenario", scenario_id=row.id)),
                ", ".join(scenario_view.titles_of(row)),
                f"{row.people_count:,}",
                money.dollars(row.shared_cents, whole=True).removeprefix("$"),
                str(row.created_by),
                when(row.created_at, "stamp"),
            )
            for row in page.rows
        ],
        "pager": lists.pager(door, page),
        "empty": {
            "title": "No scenario yet",
            "text": "Set rules side by side on the workbench, then save them under a name.",
            "url": door.url("workbench"),
            "label": "Open the workbench",
        },
        "back_url": door.url("rounds"),
        "back_label": "Allocation rounds",
    }
    return door.page("staff/scenarios.html", shown, current=HERE)


@doors.page
def scenario(door: Door, scenario_id: UUID) -> HttpResponse:
    """Show one scenario on today's people and money, beside another one where that is asked for."""
    return _scenario(door, scenario_id, None)


def paper_language(sent: Mapping[str, Any]) -> str:
    """This will return the code of the language that a paper was ordered in; English if not said."""
    asked = str(sent.get("language", ""))
    return asked if asked in set(Language) else Language.ENGLISH


@doors.page
def paper(door: Door, scenario_id: UUID) -> HttpResponse:
    """Hand out a scenario on one page for the board."""
    row = console.scenario_page(door.actor, fund_id=door.fund_id, scenario_id=scenario_id).row
    made = board_papers.make(
        fund_id=door.fund_id,
        rules=row.rules,
        chosen=row.chosen,
        population=Population.of(row.population),
        by=door.actor,
        now=door.now,
        language=paper_language(door.asked),
    )
    return HttpResponse(made.content, content_type="application/pdf", headers=attachment.headers(made.name))


@doors.act
def rename(door: Door, scenario_id: UUID) -> HttpResponse:
    """Give a scenario another name or note."""
    form = RenameForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.rename(
            scenario_id=scenario_id,
            version=form.cleaned_data["version"],
            name=form.cleaned_data["name"],
            note=form.cleaned_data["note"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("scenario", scenario_id=scenario_id, said="The name and the note are changed.")
    return _scenario(door, scenario_id, form)


@doors.act
def remove(door: Door, scenario_id: UUID) -> HttpResponse:
    """Take a scenario away."""
    form = EmptyForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.remove(scenario_id=scenario_id, by=door.actor, now=door.now, once=once),
    )
    if done:
        return door.to("scenarios", said="The scenario is taken away.")
    return _scenario(door, scenario_id, None)


def _scenario(door: Door, scenario_id: UUID, form: RenameForm | None) -> HttpResponse:
    found = console.scenario_page(
        door.actor,
        fund_id=door.fund_id,
        scenario_id=scenario_id,
        beside_id=ids.parse_public("scn", door.asked.get("beside", "")),
    )
    compared = services.reopen(found.row, beside=found.beside, by=door.actor, now=door.now)
    row = found.row
    usual = RenameForm(initial={"name": row.name, "note": row.note, "version": row.version})
    context = scenario_view.shown(door, found, compared, form or usual)
    return door.page("staff/scenario.html", context, current=HERE)
