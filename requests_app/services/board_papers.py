"""A board's paper: the comparison of the workbench on one page, in plain words and without a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.populations import EVERYBODY, Population
from fundmgr.models import Fund
from requests_app.services import workbench

MOST_RULES = 5


@dataclass(frozen=True)
class BoardPaper:
    """The file, its name, and the digest that stands on it."""

    name: str
    content: bytes
    digest: str


def make(
    *,
    fund_id: UUID,
    rules: Sequence[Mapping[str, Any]],
    by: Actor,
    now: datetime,
    chosen: int | None = None,
    language: str = "en",
    population: Population = EVERYBODY,
) -> BoardPaper:
    """This will compare rules as the workbench does, and typeset them on one page.

    Shapes: one to five rules; `chosen` is the place of the one to look at first, or None; `language` is `en`
    or `es`; `population` is whom the rules are tried on.
    Errors: NotFound, Forbidden, InvalidInput for a rule that cannot be applied or a place without one.
    """
    _check(rules, chosen)
    found = workbench.compare(
        fund_id=fund_id, rules=rules, chosen=chosen, population=population, by=by, now=now
    )
    from requests_app.exports import board_file, board_words  # noqa: PLC0415  # typesetting: when wanted

    fund = Fund.objects.only("name", "time_zone").get(id=fund_id)
    said = board_words.paper(
        found, fund=fund.name, time_zone=fund.time_zone, chosen=chosen, language=language
    )
    content = board_file.typeset(said, as_of=now)
    return BoardPaper(board_file.file_name(now, language), content, found.digest)


def _check(rules: Sequence[Mapping[str, Any]], chosen: int | None) -> None:
    if not 1 <= len(rules) <= MOST_RULES:
        sentence = f"A paper has room for 1 to {MOST_RULES} rules."
        raise errors.InvalidInput(problems=[Problem("rules", "wrong_count", sentence)])
    if chosen is not None and not 0 <= chosen < len(rules):
        raise errors.InvalidInput(problems=[Problem("chosen", "no_such_rule", "There is no rule there.")])
