"""Computes a published round again, offline, and says whether its awards are what its rule gives.

    python3 verify_round.py round-3.json

It needs Python 3.9 or newer and nothing else. The round is computed again to the cent: one pot, or
several with what each pays of each award; urgent requests first, or with a part of their own.
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
WHOLE_BP = 10000
# With more pots than these the groups are counted by the first pot first.
FEW_POTS = 14
# How pots are shared: before the second version a pot was given up for whom it could pay too little.
PARTS = 2
TIERED = ("tier_shares_bp", "tiers")


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


def tiers_of(told, entries):
    """The tier of each entry, or None where the rule goes by none."""
    if "tiers" not in told["rule"]:
        return None
    parts = told["rule"].get("tier_shares_bp", [0, 0])
    for number, entry in enumerate(entries, start=1):
        tier = entry.get("tier")
        need(whole(tier, 1) and tier <= len(parts), f"entry {number} of the list is in no tier of the rule")
    return [entry["tier"] for entry in entries]


def money_of(claims, tiers, served, estate, policy):
    """The money of each tier: what is left by the tiers before, or its part and what others do not need."""
    asked = {}
    for place in served:
        asked[tiers[place]] = asked.get(tiers[place], 0) + claims[place]
    parts = policy.get("tier_shares_bp")
    if not parts:
        return None, sorted(asked)
    money = {tier: min(asked[tier], estate * parts[tier - 1] // WHOLE_BP) for tier in sorted(asked)}
    spare = estate - sum(money.values())
    for tier, cents in list(money.items()):
        more = min(spare, asked[tier] - cents)
        money[tier], spare = cents + more, spare - more
    return money, sorted(asked)


def by_tiers(claims, tiers, order, estate, policy):
    """Return the awards and what is held, tier by tier."""
    if tiers is None:
        return shared(claims, order, estate, policy)
    # Only a rule that walks the order minds whom it leaves out.
    walks = policy["rule"] in ("queue", "draw") or policy["floor_cents"]
    served = sorted(order) if walks else list(range(len(claims)))
    awards, held_all, left, stopped = [0] * len(claims), 0, estate, False
    money, found = money_of(claims, tiers, served, estate, policy)
    for tier in found:
        inside = [place for place in served if tiers[place] == tier]
        ranks = {place: rank for rank, place in enumerate(inside)}
        mine = [claims[place] for place in inside]
        there = money[tier] if money else 0 if stopped else left
        got, held = shared(mine, [ranks[place] for place in order if place in ranks], there, policy)
        stopped = stopped or there < sum(mine)
        left, held_all = left - sum(got) - held, held_all + held
        for place, cents in zip(inside, got):  # noqa: B905
            awards[place] = cents
    return awards, held_all


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
    need(isinstance(policy, dict), "the rule is no object")
    need(sorted(set(policy) - set(TIERED)) == list(POLICY), "the rule has other fields than it may")
    need(policy.get("tiers", "urgency") == "urgency", "the rule does not say what its tiers are made from")
    parts = policy.get("tier_shares_bp", [WHOLE_BP])
    known = isinstance(parts, list) and all(map(whole, parts)) and sum(parts) == WHOLE_BP
    need(known and ("tiers" in policy or len(parts) == 1), "the parts of the tiers are not 10,000 in all")
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


class Flow:
    """Which pots pay which groups: raised step by step, the first pots most, and never taken back."""

    def __init__(self, pots, wanted, allowed):
        self.free, self.missing = list(pots), list(wanted)
        self.paid = [[0] * len(wanted) for _ in pots]
        self.groups_of = [
            [group for group, row in enumerate(allowed) if row[pot]] for pot in range(len(pots))
        ]
        self.pots_of = [[pot for pot, may in enumerate(row) if may] for row in allowed]

    def fill(self, pots=None):
        for pot in range(len(self.free)) if pots is None else pots:
            while self.free[pot] and self.step(pot):
                pass
        return self

    def step(self, start):
        """Take the shortest way from a pot to a group that misses something; payments on it may move."""
        came_from, reached, queue = {}, {start}, [(start, None)]
        for source, displaced in queue:
            for group in self.groups_of[source]:
                if group in came_from:
                    continue
                came_from[group] = (source, displaced)
                if self.missing[group]:
                    self.shift(start, group, came_from)
                    return True
                for other in self.pots_of[group]:
                    if other not in reached and self.paid[other][group]:
                        reached.add(other)
                        queue.append((other, group))
        return False

    def shift(self, start, end, came_from):
        way, group = [], end
        while group is not None:
            way.append((came_from[group][0], group, came_from[group][1]))
            group = came_from[group][1]
        moved = [self.paid[source][displaced] for source, _, displaced in way if displaced is not None]
        amount = min([self.free[start], self.missing[end], *moved])
        for source, target, displaced in way:
            self.paid[source][target] += amount
            if displaced is not None:
                self.paid[source][displaced] -= amount
        self.free[start] -= amount
        self.missing[end] -= amount

    def starved(self):
        """The groups that cannot all be paid, with all who compete for the same pots."""
        seen = {group for group, missing in enumerate(self.missing) if missing}
        waiting = list(seen)
        while waiting:
            for pot in self.pots_of[waiting.pop()]:
                rivals = {group for group in self.groups_of[pot] if self.paid[pot][group]} - seen
                seen |= rivals
                waiting.extend(rivals)
        return seen


def groups_of(eligible):
    """Who may be paid from the same pots is one group: the group of each entry, each group's pots."""
    few = bool(eligible) and len(eligible[0]) <= FEW_POTS
    rows = sorted(set(eligible), key=(lambda row: row[::-1]) if few else None)
    numbers = {row: number for number, row in enumerate(rows)}
    return [numbers[row] for row in eligible], rows


def narrow_first(pots, cents, group_of, allowed):
    """The groups paid from the pots, those that fewest requests may use first."""
    people = [group_of.count(number) for number in range(len(allowed))]
    reach = [
        sum(count for count, row in zip(people, allowed) if row[pot])  # noqa: B905
        for pot in range(len(pots))
    ]
    return Flow(pots, cents, allowed).fill(sorted(range(len(pots)), key=lambda pot: (reach[pot], pot)))


class Sharing:
    """Several pots shared by one level as far as they allow, then by the next."""

    def __init__(self, pots, claims, eligible, rule):
        self.pots, self.claims = pots, claims
        self.group_of, self.allowed = groups_of(eligible)
        self.weights = claims if rule == "proportional" else [1] * len(claims)
        self.awards, self.settled = [0] * len(claims), [0] * len(self.allowed)

    def serve(self, places):
        members = {}
        for place in places:
            members.setdefault(self.group_of[place], []).append(place)
        rising = {number: inside for number, inside in sorted(members.items()) if self.asked(inside)}
        while rising:
            level, tight = self.highest(rising)
            stopped = rising if level is None else {one: rising[one] for one in rising if one in tight}
            self.settle(stopped, level)
            rising = {} if level is None else {one: rising[one] for one in rising if one not in tight}

    def asked(self, places):
        return sum(self.claims[place] for place in places)

    def wanted(self, places, level):
        if level is None:
            return self.asked(places)
        return sum(min(Fraction(self.claims[place]), level * self.weights[place]) for place in places)

    def highest(self, rising):
        """The highest common level that the pots allow, and the groups that stop there."""
        level, tight = None, set()
        while True:
            wanted = list(self.settled)
            for number, places in rising.items():
                wanted[number] += self.wanted(places, level)
            starved = Flow(self.pots, wanted, self.allowed).fill().starved()
            if not starved:
                return level, tight
            tight = starved
            reached = {pot for one in tight for pot, may in enumerate(self.allowed[one]) if may}
            money = sum(self.pots[pot] for pot in reached) - sum(self.settled[one] for one in tight)
            level = self.level([place for one in rising if one in tight for place in rising[one]], money)

    def level(self, places, money):
        """Where claims weigh themselves the level is a share of the claim, else cents."""
        if self.weights is self.claims:
            return Fraction(money, self.asked(places))
        return level_of([self.claims[place] for place in places], money)

    def settle(self, stopped, level):
        """Whole cents first; a spare one goes to the largest remainder that the pots still allow."""
        shares = {
            place: min(Fraction(self.claims[place]), level * self.weights[place])
            if level is not None
            else Fraction(self.claims[place])
            for places in stopped.values()
            for place in places
        }
        for place, share in shares.items():
            self.awards[place] = int(share)
            self.settled[self.group_of[place]] += int(share)
        spare = int(sum(shares.values())) - sum(int(share) for share in shares.values())
        refused = set()
        for place in sorted(shares, key=lambda at: (int(shares[at]) - shares[at], at)):
            group = self.group_of[place]
            if not spare or shares[place] == int(shares[place]):
                break
            if group in refused:
                continue
            self.settled[group] += 1
            if any(Flow(self.pots, self.settled, self.allowed).fill().missing):
                self.settled[group] -= 1
                refused.add(group)
            else:
                self.awards[place], spare = self.awards[place] + 1, spare - 1


def funded(sharing, limits):
    """What each pot pays of each award, and which pots did not fit which requests."""
    totals = [0] * len(sharing.allowed)
    for place, award in enumerate(sharing.awards):
        totals[sharing.group_of[place]] += award
    flow = narrow_first(sharing.pots, totals, sharing.group_of, sharing.allowed)
    shares, misfits = [[0] * len(sharing.pots) for _ in limits], set()
    for group in range(len(totals)):
        places = [at for at, one in enumerate(sharing.group_of) if one == group and sharing.awards[at]]
        left = {place: sharing.awards[place] for place in places}
        room = [sum(min(limits[at][pot], left[at]) for at in places) for pot in range(len(sharing.pots))]
        for pot in sorted(range(len(sharing.pots)), key=lambda one: room[one]):
            owed = flow.paid[pot][group]
            for place in places:
                cents = min(owed, left[place], limits[place][pot])
                shares[place][pot], left[place], owed = cents, left[place] - cents, owed - cents
            if owed:
                misfits |= {(at, pot) for at in places if limits[at][pot] < sharing.awards[at]}
    return shares, misfits, list(flow_used(flow))


def flow_used(flow):
    return (sum(row) for row in flow.paid)


def over_pots(told, claims, tiers, limits):
    """Return the sharing, the shares, what each pot pays, and who may be paid by which pot in the end."""
    pots = [pot["available_cents"] for pot in told["pots"]]
    eligible = [[cents > 0 for cents in row] for row in limits]
    while True:
        sharing = Sharing(pots, claims, [tuple(row) for row in eligible], told["rule"]["rule"])
        for tier in sorted(set(tiers)) if tiers else [None]:
            sharing.serve([at for at in range(len(claims)) if tiers is None or tiers[at] == tier])
        shares, misfits, used = funded(sharing, limits)
        if not misfits:
            return sharing, shares, used, eligible
        for place, pot in misfits:
            eligible[place][pot] = False


class PartFlow:
    """Which pots pay how much of which request, each only up to a limit; pots in turn, the first most."""

    def __init__(self, pots, wanted, limits):
        self.free, self.missing = list(pots), list(wanted)
        self.room = [list(column) for column in zip(*limits)] or [[] for _ in pots]  # noqa: B905
        self.paid = [[0] * len(self.missing) for _ in pots]

    def copy(self):
        other = PartFlow(self.free, self.missing, [])
        other.room, other.paid = [list(one) for one in self.room], [list(one) for one in self.paid]
        return other

    def fill(self, pots=None):
        for pot in range(len(self.free)) if pots is None else pots:
            while self.free[pot] and self.step(pot):
                pass
        return self

    def step(self, start):
        """Take the shortest way from a pot over others to requests that miss something."""
        came_from, queue = {start: None}, [start]
        for pot in queue:
            if any(map(min, self.room[pot], self.missing)):
                self.shift(pot, came_from)
                return True
            for other in range(len(self.free)):
                if other not in came_from and any(map(min, self.room[pot], self.paid[other])):
                    came_from[other] = pot
                    queue.append(other)
        return False

    def shift(self, end, came_from):
        way, pot = [], end
        while came_from[pot] is not None:
            way.append((came_from[pot], pot))
            pot = came_from[pot]
        can_end = list(map(min, self.room[end], self.missing))
        can_move = [list(map(min, self.room[one], self.paid[other])) for one, other in way]
        amount = min([self.free[pot], *map(sum, [can_end, *can_move])])
        for place, cents in handed_out(can_end, amount):
            self.room[end][place] -= cents
            self.paid[end][place] += cents
            self.missing[place] -= cents
        for (one, other), can in zip(way, can_move):  # noqa: B905
            for place, cents in handed_out(can, amount):
                self.room[one][place] -= cents
                self.paid[one][place] += cents
                self.room[other][place] += cents
                self.paid[other][place] -= cents
        self.free[pot] -= amount

    def starved(self):
        """The pots that stand between everybody and what is missing."""
        seen, found = {place for place, cents in enumerate(self.missing) if cents}, set()
        while True:
            others = set(range(len(self.free))) - found
            more = {pot for pot in others if any(self.room[pot][place] for place in seen)}
            if not more:
                return found
            found |= more
            for pot in more:
                seen |= {place for place, cents in enumerate(self.paid[pot]) if cents}


def handed_out(can, amount):
    """To each as much as it can take, the first first."""
    for place, most in enumerate(can):
        if amount and most:
            yield place, min(most, amount)
            amount -= min(most, amount)


class PartSharing:
    """Several pots, some of which may pay only a part of some requests; a level is cents over weight."""

    def __init__(self, pots, claims, limits, rule):
        self.pots, self.claims, self.limits = pots, claims, [list(row) for row in limits]
        self.weights = claims if rule == "proportional" else [1] * len(claims)
        self.awards, self.reach = [0] * len(claims), list(claims)
        self.set_reach()

    def set_reach(self):
        self.reach = [min(most, sum(row)) for most, row in zip(self.reach, self.limits)]  # noqa: B905

    def serve(self, places):
        rising = [place for place in places if self.reach[place]]
        while rising:
            level, cut = self.highest(rising)
            if level is None:
                stopped = rising
                for place in rising:
                    self.awards[place] = self.reach[place]
            else:
                cents, parts = level
                by_others = self.by_others(cut)
                stopped = [
                    at
                    for at in rising
                    if by_others[at] < self.reach[at] and by_others[at] * parts <= self.weights[at] * cents
                ]
                self.settle(stopped, cents, parts)
                self.close(cut)
            rising = sorted(set(rising) - set(stopped))

    def by_others(self, cut):
        """What the other pots may pay of each request."""
        return [
            min(claim, sum(cents for pot, cents in enumerate(row) if pot not in cut))
            for claim, row in zip(self.claims, self.limits)  # noqa: B905
        ]

    def highest(self, rising):
        """The highest common level that the pots allow, and the pots that stop it."""
        level, cut = None, set()
        while True:
            cents, parts = level or (0, 1)
            wanted = [award * parts for award in self.awards]
            for place in rising:
                most = self.reach[place] * parts
                wanted[place] = most if level is None else min(most, self.weights[place] * cents)
            limits = [[one * parts for one in row] for row in self.limits]
            starved = PartFlow([pot * parts for pot in self.pots], wanted, limits).fill().starved()
            if not starved:
                return level, cut
            cut = starved
            level = self.level_of(rising, cut)

    def level_of(self, rising, cut):
        """The highest level at which what goes beyond the other pots is no more than these hold."""
        by_others = self.by_others(cut)
        money = sum(self.pots[pot] for pot in cut)
        money -= sum(max(award - most, 0) for award, most in zip(self.awards, by_others))  # noqa: B905
        needing = [place for place in rising if by_others[place] < self.reach[place]]

        def at(level):
            """What is content, and what rises on: the money taken less what others pay, and the weight."""
            full = [at for at in needing if self.reach[at] <= level * self.weights[at]]
            rest = [
                at
                for at in needing
                if by_others[at] <= level * self.weights[at] and self.reach[at] > level * self.weights[at]
            ]
            taken = sum(self.reach[at] - by_others[at] for at in full) - sum(by_others[at] for at in rest)
            return taken, sum(self.weights[at] for at in rest)

        ends = {
            Fraction(cents, self.weights[place])
            for place in needing
            for cents in (by_others[place], self.reach[place])
        }
        points = [Fraction(0), *sorted(ends - {0})]
        low, high = 0, len(points)
        while high - low > 1:
            middle = (low + high) // 2
            taken, weight = at(points[middle])
            low, high = (middle, high) if taken + weight * points[middle] <= money else (low, middle)
        taken, weight = at(points[low])
        return money - taken, weight

    def settle(self, stopped, cents, parts):
        """Whole cents first; a spare one goes to the largest remainder that the pots still allow."""
        remainders = {}
        for place in stopped:
            whole, remainder = divmod(self.weights[place] * cents, parts)
            self.awards[place] = min(self.reach[place], whole)
            if whole < self.reach[place]:
                remainders[place] = remainder
        spare = sum(remainders.values()) // parts
        flow = PartFlow(self.pots, self.awards, self.limits).fill() if spare else None
        waiting = sorted((at for at in remainders if remainders[at]), key=lambda at: (-remainders[at], at))
        while spare and waiting:
            place = waiting.pop(0)
            more = flow.copy()
            more.missing[place] += 1
            refused = more.fill().starved()
            if refused:
                by_others = self.by_others(refused)
                waiting = [at for at in waiting if self.awards[at] < by_others[at]]
            else:
                flow, spare = more, spare - 1
                self.awards[place] += 1

    def close(self, cut):
        """What these pots hold is spoken for, so they pay nobody else."""
        for row, award, most in zip(self.limits, self.awards, self.by_others(cut)):  # noqa: B905
            for pot in cut if award <= most else ():
                row[pot] = 0
        self.set_reach()


def over_part_pots(told, claims, tiers, limits):
    """Return the awards, the shares and what each pot pays, where pots may pay parts."""
    pots = [pot["available_cents"] for pot in told["pots"]]
    sharing = PartSharing(pots, claims, limits, told["rule"]["rule"])
    for tier in sorted(set(tiers)) if tiers else [None]:
        sharing.serve([at for at in range(len(claims)) if tiers is None or tiers[at] == tier])
    reach = [sum(1 for row in limits if row[pot]) for pot in range(len(pots))]
    order = sorted(range(len(pots)), key=lambda pot: (reach[pot], pot))
    flow = PartFlow(pots, sharing.awards, limits).fill(order)
    shares = [[paid[place] for paid in flow.paid] for place in range(len(claims))]
    return sharing.awards, shares, [sum(paid) for paid in flow.paid]


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


def check_several_pots(told, entries):
    """Share all pots again: who gets how much, and from which pot."""
    rule = told["rule"]
    need(
        rule["rule"] in ("equal_awards", "proportional") and not rule["floor_cents"],
        "the rule cannot share several pots",
    )
    need("tier_shares_bp" not in rule, "fixed parts for tiers cannot share several pots")
    claims, tiers = [one["claim_cents"] for one in entries], tiers_of(told, entries)
    limits = [
        [min(cents, claim) for cents in one["usable_cents"]]
        for one, claim in zip(entries, claims)  # noqa: B905
    ]
    pays_parts = told.get("sharing_version", 1) == PARTS and any(
        0 < cents < claim
        for row, claim in zip(limits, claims)  # noqa: B905
        for cents in row
    )
    if pays_parts:
        awards, shares, used = over_part_pots(told, claims, tiers, limits)
        eligible = [[cents > 0 for cents in row] for row in limits]
    else:
        sharing, shares, used, eligible = over_pots(told, claims, tiers, limits)
        awards = sharing.awards
    for number, (entry, right) in enumerate(zip(entries, awards), start=1):  # noqa: B905
        need(entry["award_cents"] == right, f"entry {number} gets {entry['award_cents']} cents, not {right}")
    for number, (entry, row) in enumerate(zip(entries, shares), start=1):  # noqa: B905
        need(entry["share_cents"] == row, f"entry {number} is not paid by the pots that the rule draws on")
    problem = problem_of(told, claims, list(range(len(entries))), tiers)
    problem["pots_cents"] = [pot["available_cents"] for pot in told["pots"]]
    problem["eligibility"] = [[pot for pot, may in enumerate(row) if may] for row in eligible]
    if pays_parts:
        problem.update(usable_cents=limits, version=2)
    need(told.get("problem_digest") == sha(problem), "the digest of the problem is wrong")
    right = sha(result_of(told, entries, 0, used))
    need(told.get("result_digest") == right, "the digest of the result is wrong")


def problem_of(told, claims, order, tiers):
    names = ("caps_cents", "draw_order", "eligibility", "pots_cents", "tie_key", "weights")
    fixed = {"claims_cents": claims, "estate_cents": told["estate_cents"], "order": order, "version": 1}
    fixed["tiers"] = tiers
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
    tiers = tiers_of(told, entries)
    awards, held = by_tiers(claims, tiers, order, told["estate_cents"], told["rule"])
    for number, (entry, right) in enumerate(zip(entries, awards), start=1):  # noqa: B905
        need(entry["award_cents"] == right, f"entry {number} gets {entry['award_cents']} cents, not {right}")
    need(
        told.get("problem_digest") == sha(problem_of(told, claims, order, tiers)),
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
    version = told.get("sharing_version", 1)
    need(whole(version, 1) and version <= PARTS, "pots are shared in a way that this program does not know")
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
    has_several = len(pots) > 1 and any(entry.get("share_cents") for entry in entries)
    if has_several:
        check_pots(told, entries)
        need(
            told["estate_cents"] == sum(pot["available_cents"] for pot in pots), "the pots are not the estate"
        )
        check_several_pots(told, entries)
    else:
        need(told["estate_cents"] == pots[0]["available_cents"], "the first pot is not the estate")
        check_one_pot(told, entries)
    how = "every award is what the rule gives"
    how = f"{how}, from the pots that may pay it" if has_several else how
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
