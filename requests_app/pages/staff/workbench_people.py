"""Whom the workbench tries rules on: everybody who waits, or a part of them to look at.

A part is never proposed: a round is for everybody who waits, for whoever is left out of a list gets nothing
without having been judged. Who comes first is for the rule to say, and everybody can read the rule.
"""

from collections.abc import Mapping
from typing import Any

from fundmgr.domain.populations import Population, Pressing
from requests_app.exports.population_words import told
from requests_app.pages.staff.doors import Door
from requests_app.queries.console import WorkbenchPage

FOR_EVERYBODY = (
    "A round is for everybody who waits, so a part is only for looking. Show everybody, then propose: "
    "a rule can pay urgent requests first, and money tied to a show or craft goes only there."
)
# The names in an address and a form; the hyphen keeps them beside the rules' knobs.
NAMES = {"show": "who-show", "craft": "who-craft", "union_local": "who-local", "urgency": "who-urgency"}
LABELS = {"show": "Show", "craft": "Craft", "union_local": "Local", "urgency": "Urgency"}
_EVERY = {
    "show": "Every show",
    "craft": "Every craft",
    "union_local": "Every local",
    "urgency": "Any urgency",
}
_PRESSING = {Pressing.URGENT.value: "Urgent", Pressing.OTHER.value: "Not urgent"}
MOST_LETTERS = 120


def read(sent: Mapping[str, Any]) -> Population:
    """This will read whom an address or a form is about."""
    said = {name: str(sent.get(field, "")).strip()[:MOST_LETTERS] for name, field in NAMES.items()}
    return Population.of(said)


def query_of(population: Population) -> dict[str, str]:
    """This will return the words of an address that is about a population; none for everybody."""
    return {NAMES[name]: word for name, word in population.to_json().items()}


def shown(door: Door, found: WorkbenchPage, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """This will return the boxes to choose from, what a part means, and the way back to everybody."""
    words = found.population.to_json()
    boxes = [
        {
            "name": field,
            "label": LABELS[name],
            "options": _options(name, found, words.get(name, "")),
        }
        for name, field in NAMES.items()
    ]
    kept = {name: value for name, value in sent.items() if name not in NAMES.values()}
    return {
        "boxes": [box for box in boxes if len(box["options"]) > 1],
        "note": _note(found),
        "everybody_url": door.url("workbench", query=_asked(kept)) if words else "",
    }


def _asked(sent: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in sent.items() if "-" in name or name in {"rules", "chosen"}}


def _options(name: str, found: WorkbenchPage, word: str) -> list[Mapping[str, Any]]:
    """Each word with how many wait; one that was asked for stays, though nobody has it."""
    parts = found.parts[name]
    listed = [(part.word, f"{_PRESSING.get(part.word, part.word)} ({part.people_count:,})") for part in parts]
    if word and word.lower() not in {one.lower() for one, _ in listed}:
        listed.append((word, _PRESSING.get(word, word)))
    every: Mapping[str, Any] = {"value": "", "label": _EVERY[name], "is_chosen": not word}
    chosen = [
        {"value": one, "label": label, "is_chosen": one.lower() == word.lower()} for one, label in listed
    ]
    return [every, *chosen]


def _note(found: WorkbenchPage) -> str:
    said = told(found.population)
    if not said:
        return ""
    people, rest = found.pool.people_count, found.everybody_count - found.pool.people_count
    return (
        f"All the money is tried on {people:,} of {found.everybody_count:,} people: {said}. "
        f"The other {rest:,} would get nothing of it. Look at a part to see how a rule treats it; "
        "a round is always for everybody."
    )
