"""Publications of rounds for tests: made by the engine, tampered with, and given to the shipped programs."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fundmgr.allocation import Policy, Problem, allocate, draw

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECRETS = ["the first person's secret", "the second person's secret"]
BEACON = "ab" * 32


def drawn(
    *,
    claims: tuple[int, ...] = (50_000, 30_000, 70_000, 20_000, 90_000, 40_000),
    estate: int = 165_000,
    last: str = "partial",
    withdrawn: tuple[int, ...] = (),
    beacon: str = BEACON,
) -> dict[str, Any]:
    """One drawn round as it is published."""
    tokens = [f"{number:016x}" for number in range(100, 100 + len(claims))]
    tickets = [1 + number % 3 for number in range(len(claims))]
    entries = [draw.Entry(*line) for line in zip(tokens, tickets, claims, strict=True)]
    root = draw.list_root(entries)
    seed = draw.seed(root, SECRETS, beacon)
    order = draw.order(
        seed, tokens, [0 if place in withdrawn else count for place, count in enumerate(tickets)]
    )
    counted = [0 if place in withdrawn else claim for place, claim in enumerate(claims)]
    policy = Policy(rule="draw", last=last)
    result = allocate(Problem(estate, counted, order=order), policy)
    return {
        "format": "fundmgr round 1",
        "rule": policy.to_json(),
        "estate_cents": estate,
        "leftover_cents": result.leftover_cents,
        "awarded_count": int((result.awards_cents > 0).sum()),
        "awarded_cents": result.total_cents,
        "list_root": root,
        "list": [
            {
                "id": entry.token,
                "tickets": entry.tickets,
                "claim_cents": entry.claim_cents,
                "award_cents": award,
                "withdrawn": place in withdrawn,
            }
            for place, (entry, award) in enumerate(zip(entries, result.awards_cents.tolist(), strict=True))
        ],
        "draw": {
            "commitments": [draw.commitment(secret) for secret in SECRETS],
            "secrets": list(SECRETS),
            "beacon": {"round": 749_812, "value": beacon} if beacon else None,
            "seed": seed,
            "order": [tokens[place] for place in order],
        },
    }


def tampered(told: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """A copy with something changed."""
    copied = copy.deepcopy(told)
    change(copied)
    return copied


def run(program: str, folder: Path, told: Any, *options: str) -> subprocess.CompletedProcess[str]:
    """What a shipped program says of a publication, run as anybody would, with nothing of ours to import."""
    path = folder / "round.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told))
    command = [sys.executable, "-I", str(DOCS / program), str(path), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)
