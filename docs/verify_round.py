"""Computes a published round again, offline, and says whether its awards are what its rule gives.

    python3 verify_round.py round-3.json

It needs Python 3.9 or newer and nothing else. A round of one pot is computed again to the cent; of a round
of several pots it checks that no pot is overdrawn, that each pays only whom it may, and that all sums agree.
The digests are checked too: they bind the result to the list, the money and the rule. A draw's order is taken
from its seed; how the seed was made is for verify_draw.py.
Exit 0 where everything holds; 1 with the first thing that is wrong; 2 where the file cannot be read.
"""

import argparse
import json
import sys
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

RULES = ("equal_awards", "proportional", "equal_losses", "talmud", "queue", "draw")
POLICY = ("floor_cents", "last", "remainder", "rule", "version")


class Wrong(Exception):
    """The first thing that does not hold."""


def need(holds, sentence):
    if not holds:
        raise Wrong(sentence)


def whole(value, least=0):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def sha(value):
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def level_of(caps, total):
    """The level at which min(cap, level) adds up to the total, for a total below the sum of the caps."""
    left, waiting = Fraction(total), sorted(caps)
    for place, cap in enumerate(waiting):
        if cap * (len(waiting) - place) >= left:
            return left / (len(waiting) - place)
        left -= cap
    return Fraction(waiting[-1] if waiting else 0)


def equal(caps, total):
    level = level_of(caps, total)
    return [min(Fraction(cap), level) for cap in caps]


def losses(claims, total):
    return [claim - loss for claim, loss in zip(claims, equal(claims, sum(claims) - total))]  # noqa: B905


def proportional(claims, total):
    return [Fraction(claim * total, sum(claims)) for claim in claims]


def talmud(claims, total):
    halves = [Fraction(claim, 2) for claim in claims]
    if 2 * total <= sum(claims):
        return equal(halves, total)
    return [half + more for half, more in zip(halves, losses(halves, total - sum(halves)))]  # noqa: B905


SHARES = {"equal_awards": equal, "proportional": proportional, "equal_losses": losses, "talmud": talmud}


def in_cents(shares):
    """Whole cents: the spare ones go to the largest remainders, among equals to who stands first."""
    cents = [int(share) for share in shares]
    spare = int(sum(shares)) - sum(cents)
    places = sorted(range(len(shares)), key=lambda place: (cents[place] - shares[place], place))
    for place in places[:spare]:
        cents[place] += 1
    return cents


def loss_in_cents(claims, total, exact):
    """A rule over losses rounds the losses, and who is first for money is last for a loss."""
    lost = [claim - share for claim, share in zip(claims, exact)][::-1]  # noqa: B905
    return [claim - loss for claim, loss in zip(claims, in_cents(lost)[::-1])]  # noqa: B905


def by_rule(claims, order, total, policy):
    rule = policy["rule"]
    if rule in ("queue", "draw"):
        return in_order(claims, order, total, policy["last"])
    exact = SHARES[rule](claims, total)
    if rule == "equal_losses" or (rule == "talmud" and 2 * total > sum(claims)):
        return loss_in_cents(claims, total, exact)
    return in_cents(exact)


def in_order(claims, order, left, last):
    awards, ended = [0] * len(claims), False
    for place in order:
        claim = claims[place]
        ended = ended or (last == "stop" and claim > left)
        awards[place] = 0 if ended else claim if claim <= left else left if last == "partial" else 0
        left -= awards[place]
    return awards


def shared(claims, order, estate, policy):
    """Return the awards and what is held."""
    if estate >= sum(claims):
        return list(claims), 0
    if not estate:
        return [0] * len(claims), 0
    if not policy["floor_cents"]:
        return by_rule(claims, order, estate, policy), 0
    awards, left, inside = [0] * len(claims), estate, []
    for place in order:
        floor = min(claims[place], policy["floor_cents"])
        if floor > left:
            break
        awards[place], left = floor, left - floor
        inside.append(place)
    if policy["remainder"] == "hold":
        return awards, left
    inside.sort()
    wanted = [claims[place] - awards[place] for place in inside]
    ranks = {place: rank for rank, place in enumerate(inside)}
    local = [ranks[place] for place in order if place in ranks]
    more = (
        wanted if left >= sum(wanted) else by_rule(wanted, local, left, policy) if left else [0] * len(wanted)
    )
    for place, cents in zip(inside, more):  # noqa: B905
        awards[place] += cents
    return awards, 0


def check_list(entries):
    need(isinstance(entries, list) and entries, "the list is empty")
    need(all(isinstance(one, dict) for one in entries), "a line of the list is no object")
    tokens = [one.get("id") for one in entries]
    need(all(isinstance(one, str) for one in tokens), "a line of the list has no token")
    need(len(set(tokens)) == len(tokens), "a token stands in the list twice")
    for number, entry in enumerate(entries, start=1):
        where = f"entry {number} of the list"
        need(whole(entry.get("tickets"), 1), f"{where} has no ticket")
        need(whole(entry.get("claim_cents")), f"{where} has no claim in whole cents")
        need(whole(entry.get("award_cents")), f"{where} has no award in whole cents")
        need(isinstance(entry.get("withdrawn"), bool), f"{where} does not say whether it was withdrawn")
        need(entry["award_cents"] <= entry["claim_cents"], f"{where} gets more than it claims")
        need(not (entry["withdrawn"] and entry["award_cents"]), f"{where} was withdrawn and gets something")


def check_root(told, entries):
    names = ("claim_cents", "id", "tickets")
    lines = (json.dumps({name: one[name] for name in names}, separators=(",", ":")) for one in entries)
    root = sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
    need(told.get("list_root") == root, "the list is not the one whose root is published")


def check_policy(policy):
    need(isinstance(policy, dict) and sorted(policy) == list(POLICY), "the rule has other fields than it may")
    need(
        policy["version"] == 1 and whole(policy["version"]),
        "the rule is of a version this program does not know",
    )
    need(policy["rule"] in RULES, "the rule is not known")
    need(
        policy["last"] in ("partial", "stop", "skip"),
        "the rule does not say what happens to who does not fit",
    )
    need(policy["remainder"] in ("distribute", "hold"), "the rule does not say what happens to the remainder")
    need(whole(policy["floor_cents"]), "the useful minimum is no amount in whole cents")


def order_of(told, entries):
    if told["rule"]["rule"] != "draw":
        return list(range(len(entries)))
    draw = told.get("draw")
    need(isinstance(draw, dict) and isinstance(draw.get("seed"), str), "the draw has no seed")

    def best(place):
        one = entries[place]
        texts = (f"{draw['seed']}:{one['id']}:{number}" for number in range(1, one["tickets"] + 1))
        return min(sha256(text.encode()).digest() for text in texts)

    return sorted((place for place, one in enumerate(entries) if not one["withdrawn"]), key=best)


def check_pots(told, entries):
    pots = told["pots"]
    for number, entry in enumerate(entries, start=1):
        usable, shares = entry.get("usable_cents"), entry.get("share_cents")
        where = f"entry {number} of the list"
        fits = all(isinstance(row, list) and len(row) == len(pots) for row in (usable, shares))
        need(fits and all(map(whole, usable + shares)), f"{where} does not say what each pot pays")
        need(sum(shares) == entry["award_cents"], f"{where} is not paid in full by its pots")
        over = [place for place, share in enumerate(shares) if share > usable[place]]
        need(not over, f"{where} is paid by a pot that may not pay so much of it")
    for place, pot in enumerate(pots):
        used = sum(entry["share_cents"][place] for entry in entries)
        need(used <= pot["available_cents"], f"pot {place + 1} is overdrawn")
        need(used == pot["used_cents"], f"pot {place + 1} pays {used} cents, not {pot['used_cents']}")


def check_pots_digest(told, entries):
    need(isinstance(told.get("problem_digest"), str), "the problem has no digest")
    right = sha(result_of(told, entries, 0, [pot["used_cents"] for pot in told["pots"]]))
    need(told.get("result_digest") == right, "the digest of the result is wrong")


def problem_of(told, claims, order):
    names = ("caps_cents", "draw_order", "eligibility", "pots_cents", "tie_key", "tiers", "weights")
    fixed = {"claims_cents": claims, "estate_cents": told["estate_cents"], "order": order, "version": 1}
    return {**dict.fromkeys(names), **fixed}


def result_of(told, entries, held, pots_used=None):
    return {
        "awards_cents": [one["award_cents"] for one in entries],
        "held_cents": held,
        "leftover_cents": told["leftover_cents"] - held,
        "policy": sha(told["rule"]),
        "pots_used_cents": pots_used,
        "problem": told["problem_digest"],
        "version": 1,
    }


def check_one_pot(told, entries):
    claims = [0 if one["withdrawn"] else one["claim_cents"] for one in entries]
    order = order_of(told, entries)
    awards, held = shared(claims, order, told["estate_cents"], told["rule"])
    for number, (entry, right) in enumerate(zip(entries, awards), start=1):  # noqa: B905
        need(entry["award_cents"] == right, f"entry {number} gets {entry['award_cents']} cents, not {right}")
    need(
        told.get("problem_digest") == sha(problem_of(told, claims, order)),
        "the digest of the problem is wrong",
    )
    need(
        told.get("result_digest") == sha(result_of(told, entries, held)), "the digest of the result is wrong"
    )


def check(told):
    """Return what was checked, a line each; Wrong names the first thing that does not hold."""
    need(isinstance(told, dict) and told.get("format") == "fundmgr round 1", "this is no published round")
    entries = told.get("list")
    check_list(entries)
    check_root(told, entries)
    check_policy(told.get("rule"))
    need(whole(told.get("estate_cents")), "the money to share is no amount in whole cents")
    paid = [one["award_cents"] for one in entries if one["award_cents"]]
    sums = {"awarded_count": len(paid), "awarded_cents": sum(paid)}
    sums["leftover_cents"] = told["estate_cents"] - sums["awarded_cents"]
    for name, right in sums.items():
        need(told.get(name) == right and whole(told[name]), f"{name} is {right}, not {told.get(name)}")
    pots = told.get("pots")
    need(isinstance(pots, list) and pots, "no pot is named")
    known = all(isinstance(pot, dict) and whole(pot.get("available_cents")) for pot in pots)
    need(
        known and all(whole(pot.get("used_cents")) for pot in pots),
        "a pot does not say what it holds and pays",
    )
    over_pots = len(pots) > 1 and any(entry.get("share_cents") for entry in entries)
    if over_pots:
        check_pots(told, entries)
        need(
            told["estate_cents"] == sum(pot["available_cents"] for pot in pots), "the pots are not the estate"
        )
        check_pots_digest(told, entries)
    else:
        need(told["estate_cents"] == pots[0]["available_cents"], "the first pot is not the estate")
        check_one_pot(told, entries)
    how = "every pot pays only what it may" if over_pots else "every award is what the rule gives"
    return [
        f"list    {len(entries)} people, root {told['list_root']}",
        f"rule    {told['rule']['rule']}: {how}",
        f"paid    {told['awarded_count']} people, {told['awarded_cents']} of {told['estate_cents']} cents",
        f"result  {told.get('result_digest')}",
    ]


def refuse_twice(pairs):
    names = [name for name, _ in pairs]
    need(len(set(names)) == len(names), "the file names a thing twice")
    return dict(pairs)


def main():
    reader = argparse.ArgumentParser(description="Check a published round.")
    reader.add_argument("file", help="the published round, a JSON file")
    asked = reader.parse_args()
    try:
        text = Path(asked.file).read_text(encoding="utf-8")
        lines = check(json.loads(text, object_pairs_hook=refuse_twice))
    except Wrong as wrong:
        print(f"WRONG: {wrong}.")
        return 1
    except (OSError, ValueError, RecursionError) as unreadable:
        print(f"This file cannot be read: {unreadable}", file=sys.stderr)
        return 2
    print("\n".join(lines))
    print("The round holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
