"""Turn the demo's figures into people's asks."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from fundmgr.domain.eligibility import NeedCategory, Urgency
from requests_app.demo import numbers, words
from requests_app.demo.numbers import Figures
from requests_app.services.asks import Ask

SEED = 20230908
_SPANISH = 0.11
Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Person:
    """One demo applicant: what was sent, when, from where, and what becomes of it. Units: cents."""

    ask: Ask
    contact: str
    submitted_at: datetime
    outcome: str
    verified_cents: int


def people(*, opened_at: datetime, seed: int = SEED) -> list[Person]:
    """This will return the 1,700 people in order of arrival, the same for the same seed and opening."""
    source = random.Random(seed + 1)  # noqa: S311  # a demo, repeatable on purpose
    found = numbers.figures(seed, category_weights=words.CATEGORY_WEIGHTS)
    made: list[Person] = []
    for number, row in enumerate(found):
        twin = source.choice(made) if row.outcome == "DUPLICATE" and made else None
        made.append(_person(number, row, opened_at, source, twin))
    return made


def _person(
    number: int, row: Figures, opened_at: datetime, source: random.Random, twin: Person | None
) -> Person:
    first, last = source.choice(words.FIRST_NAMES), source.choice(words.LAST_NAMES)
    name = twin.ask.full_name if twin else f"{first} {last}"
    craft, union_local = _weighted([(item[:2], item[2]) for item in words.CRAFTS], source)
    production = _weighted(words.PRODUCTIONS, source)
    ask = Ask(
        full_name=name,
        production_name=production,
        craft=craft,
        job_title=words.JOB_TITLES[craft],
        union_local=union_local,
        last_worked_on=(opened_at - timedelta(days=source.randrange(8, 130))).date(),
        need_lines=tuple((NeedCategory(word), cents) for word, cents in row.lines),
        adults_count=source.choice((1, 1, 2)),
        children_count=source.choice((0, 0, 0, 1, 2)),
        urgency=tuple(Urgency(word) for word, part in words.URGENCIES if source.random() * 100 < part),
        statement=source.choice(words.STATEMENTS),
        language="es" if source.random() < _SPANISH else "en",
    )
    at = opened_at + timedelta(minutes=row.minutes)
    return Person(ask, f"person{number + 1:04d}@example.org", at, row.outcome, row.verified_cents)


def _weighted(pairs: Sequence[tuple[Choice, int]], source: random.Random) -> Choice:
    choices, weights = zip(*pairs, strict=True)
    chosen: Choice = source.choices(choices, weights)[0]
    return chosen
