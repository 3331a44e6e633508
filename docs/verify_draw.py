"""Checks a published draw offline: the list, the secrets, the seed, the order, and who is paid.

    python3 verify_draw.py round-3.json [--root HEX] [--commitment HEX]...

It needs Python 3.9 or newer and nothing else; read it, it is short. What was published before the draw (the
root of the list and the commitments) can be given too: then the file cannot have been made up afterwards.
Exit 0 where everything holds; 1 with the first thing that is wrong; 2 where the file cannot be read.
"""

import argparse
import json
import re
import sys
from hashlib import sha256
from pathlib import Path

HEX = re.compile(r"[0-9a-f]{64}")
TOKEN = re.compile(r"[0-9a-f]{16,64}")
LASTS = ("partial", "stop", "skip")
LEAST_SECRET = 16


class Wrong(Exception):
    """The first thing that does not hold."""


def need(holds, sentence):
    if not holds:
        raise Wrong(sentence)


def whole(value, least=0):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def sha(text):
    return sha256(text.encode()).hexdigest()


def check_list(entries):
    need(isinstance(entries, list) and entries, "the list is empty")
    seen = set()
    for number, entry in enumerate(entries, start=1):
        where = f"entry {number} of the list"
        need(isinstance(entry, dict), f"{where} is no object")
        token = entry.get("id")
        need(isinstance(token, str) and TOKEN.fullmatch(token), f"{where} has no token")
        need(token not in seen, f"{where} stands in the list twice")
        seen.add(token)
        need(whole(entry.get("tickets"), 1), f"{where} has no ticket")
        need(whole(entry.get("claim_cents")), f"{where} has no claim in whole cents")
        need(whole(entry.get("award_cents")), f"{where} has no award in whole cents")
        need(isinstance(entry.get("withdrawn"), bool), f"{where} does not say whether it was withdrawn")


def root_of(entries):
    lines = (
        json.dumps({name: entry[name] for name in ("claim_cents", "id", "tickets")}, separators=(",", ":"))
        for entry in entries
    )
    return sha("".join(line + "\n" for line in lines))


def check_secrets(draw):
    hashes, secrets = draw.get("commitments"), draw.get("secrets")
    need(isinstance(hashes, list) and len(hashes) > 1, "fewer than two people committed to a secret")
    need(all(isinstance(one, str) and HEX.fullmatch(one) for one in hashes), "a commitment is no SHA-256")
    need(len(set(hashes)) == len(hashes), "two people committed to the same secret")
    need(isinstance(secrets, list) and len(secrets) == len(hashes), "a secret was not told")
    for place, secret in enumerate(secrets):
        where = f"secret {place + 1}"
        need(isinstance(secret, str) and len(secret) >= LEAST_SECRET, f"{where} is too short to be one")
        need("\n" not in secret, f"{where} has a line break")
        need(sha(secret) == hashes[place], f"{where} is not the one that was committed to")


def beacon_of(draw):
    beacon = draw.get("beacon", "missing")
    need(beacon is None or isinstance(beacon, dict), "the draw does not say whether there is a beacon")
    if beacon is None:
        return ""
    need(whole(beacon.get("round"), 1), "the beacon names no round")
    value = beacon.get("value")
    need(isinstance(value, str) and HEX.fullmatch(value), "the beacon has no value")
    return value


def order_of(entries, seed):
    """The lowest hash of a person's tickets is the person's place; who withdrew has none."""

    def best(entry):
        numbers = range(1, entry["tickets"] + 1)
        return min(sha(f"{seed}:{entry['id']}:{number}") for number in numbers)

    return [entry["id"] for entry in sorted((one for one in entries if not one["withdrawn"]), key=best)]


def awards_of(entries, order, estate, last):
    claims = {entry["id"]: entry["claim_cents"] for entry in entries}
    awards, left, ended = dict.fromkeys(claims, 0), estate, False
    for token in order:
        claim = claims[token]
        ended = ended or (last == "stop" and claim > left)
        paid = 0 if ended else claim if claim <= left else left if last == "partial" else 0
        awards[token], left = paid, left - paid
    return awards, left


def check_awards(told, entries, order):
    rule, estate = told.get("rule"), told.get("estate_cents")
    need(isinstance(rule, dict) and rule.get("rule") == "draw", "the rule is not a draw")
    need(rule.get("version") == 1, "the rule is of a version that this program does not know")
    need(rule.get("last") in LASTS, "the rule does not say what happens to the one that does not fit")
    need(rule.get("floor_cents") == 0, "a draw has no useful minimum")
    need(whole(estate), "the money to share is no amount in whole cents")
    awards, left = awards_of(entries, order, estate, rule["last"])
    for number, entry in enumerate(entries, start=1):
        right = awards[entry["id"]]
        need(entry["award_cents"] == right, f"entry {number} gets {entry['award_cents']} cents, not {right}")
    paid = [cents for cents in awards.values() if cents]
    figures = {"leftover_cents": left, "awarded_count": len(paid), "awarded_cents": sum(paid)}
    for name, right in figures.items():
        need(told.get(name) == right and whole(told[name]), f"{name} is {right}, not {told.get(name)}")


def check(told, root=None, commitments=()):
    """Return what was checked, a line each; Wrong names the first thing that does not hold."""
    need(isinstance(told, dict) and told.get("format") == "fundmgr round 1", "this is no published round")
    draw = told.get("draw")
    need(isinstance(draw, dict), "this round was not drawn")
    check_list(told.get("list"))
    entries = told["list"]
    need(told.get("list_root") == root_of(entries), "the list is not the one whose root is published")
    need(root in (None, told["list_root"]), "the root is not the one that you noted")
    check_secrets(draw)
    strange = [one for one in commitments if one not in draw["commitments"]]
    need(not strange, "a commitment that you noted is not among those of this draw")
    seed = sha("\n".join([told["list_root"], *draw["secrets"], beacon_of(draw)]))
    need(draw.get("seed") == seed, "the seed does not follow from the list, the secrets and the beacon")
    order = order_of(entries, seed)
    need(draw.get("order") == order, "the order is not the one that was drawn")
    check_awards(told, entries, order)
    return [
        f"list    {len(entries)} people, root {told['list_root']}",
        f"secrets {len(draw['secrets'])}, each as committed to: {' '.join(draw['commitments'])}",
        f"beacon  {draw['beacon']['round'] if draw['beacon'] else 'none'}",
        f"seed    {seed}",
        f"paid    {told['awarded_count']} people, {told['awarded_cents']} cents",
    ]


def refuse_twice(pairs):
    names = [name for name, _ in pairs]
    need(len(set(names)) == len(names), "the file names a thing twice")
    return dict(pairs)


def main():
    reader = argparse.ArgumentParser(description="Check a published draw.")
    reader.add_argument("file", help="the published round, a JSON file")
    reader.add_argument("--root", help="the root of the list, as you noted it before the draw")
    reader.add_argument("--commitment", action="append", default=[], help="a commitment that you noted")
    asked = reader.parse_args()
    try:
        text = Path(asked.file).read_text(encoding="utf-8")
        told = json.loads(text, object_pairs_hook=refuse_twice)
        lines = check(told, asked.root, asked.commitment)
    except Wrong as wrong:
        print(f"WRONG: {wrong}.")
        return 1
    except (OSError, ValueError, RecursionError) as unreadable:
        print(f"This file cannot be read: {unreadable}", file=sys.stderr)
        return 2
    print("\n".join(lines))
    print("The draw holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
