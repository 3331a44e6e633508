"""A round computed again from its frozen rows: the same bytes, or a sentence of what differs."""

from dataclasses import dataclass
from uuid import UUID

from requests_app.models import AllocationRound
from requests_app.queries import replays
from requests_app.queries.round_columns import stored_awards
from requests_app.queries.round_lists import entries
from requests_app.services import round_frozen


@dataclass(frozen=True)
class Replay:
    """What came out, beside what is stored. Shapes: `findings` is empty where all bytes are the same."""

    fund: str
    number: int
    people_count: int
    problem_digest: str
    result_digest: str
    findings: tuple[str, ...]


def replay(*, word: str, slug: str | None = None) -> Replay:
    """This will compute one round again and compare root, awards and digests; nothing is written.

    Errors: NotFound, WrongState as for finding it.
    """
    return _replayed(replays.find_round(word, slug=slug))


def replay_all(fund_id: UUID) -> list[str]:
    """This will compute every standing round of a fund again and say what differs, a sentence each."""
    return [
        f"round {row.number}: {sentence}"
        for row in replays.computed_rounds(fund_id)
        for sentence in _replayed(row).findings
    ]


def _replayed(row: AllocationRound) -> Replay:
    sharing = round_frozen.share(row)
    stored = stored_awards(row)
    differing = sum(old != new for old, new in zip(stored, sharing.awards_cents, strict=True))
    found = []
    if differing:
        found.append(f"{differing} stored awards are not what the rule gives")
    if row.problem_digest != sharing.problem_digest:
        found.append(f"the problem's digest is {sharing.problem_digest}, stored is {row.problem_digest}")
    if row.result_digest != sharing.result_digest:
        found.append(f"the result's digest is {sharing.result_digest}, stored is {row.result_digest}")
    if not _root_holds(row):
        found.append("the list is not the one whose root was published")
    return Replay(
        fund=row.fund.slug,
        number=row.number,
        people_count=len(stored),
        problem_digest=sharing.problem_digest,
        result_digest=sharing.result_digest,
        findings=tuple(found),
    )


def _root_holds(row: AllocationRound) -> bool:
    """A round frozen before lists were published has no root to hold to."""
    from fundmgr.allocation import draw  # noqa: PLC0415  # NumPy: not at the web's start

    published = getattr(row, "published", None)
    return published is None or draw.list_root(entries(row, salt=published.salt)) == published.list_root
