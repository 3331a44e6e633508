"""The workbench, proposing a round, approving and voiding it, on the pages of the console."""

import html
import re
from datetime import timedelta

import pytest
from builders import NOW, add_staff, make_world, put_money_in
from casework import EQUAL, file_request, make_eligible
from console import Staff, new_token, summary_of, text_of

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.queries import books
from fundmgr.services import funds, proof
from requests_app.models import AllocationRound, AssistanceRequest, Award
from requests_app.services import rounds

pytestmark = pytest.mark.django_db


def waiting_world(*, money_cents: int = 200_000, asks=(240_000, 90_000, 30_000), **terms):
    """Three households found eligible, and less money than they need."""
    world = make_world(reserve_bp=0, **terms)
    put_money_in(world, money_cents)
    rows = [
        file_request(
            world,
            cents,
            contact=f"w{number}@example.org",
            full_name=f"Worker {number}",
            now=NOW - timedelta(minutes=10 - number),
        )
        for number, cents in enumerate(asks)
    ]
    make_eligible(world, rows)
    return world


def proposed(world) -> AllocationRound:
    """A round that waits for approval."""
    return rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)


def page_of(row: AllocationRound) -> str:
    """A round's page."""
    return f"rounds/{public('rnd', row.id)}/"


def test_the_workbench_shows_rules_side_by_side():
    world = waiting_world()

    words = text_of(Staff(world, Role.DIRECTOR).get("rounds/workbench/"))

    assert "$850.00" in words  # 300 and 850 + 850: the equal award
    assert "is the equal award" in words
    assert words.count("People paid") == 3
    assert "Propose for approval" in words
    assert "Larger needs get larger grants" in words


def test_charts_a_strip_of_minimums_and_who_changes_stand_below_the_rules():
    world = waiting_world()

    words = text_of(
        Staff(world, Role.DIRECTOR).get("rounds/workbench/", before="equal_awards", after="queue")
    )

    assert "The closer to the diagonal, the more alike the grants" in words
    assert "cents a dollar" in words
    assert "A smallest grant pays fewer people more;" in words
    assert "Gain of asking for double" in words
    assert "Who gets how much, by size of need" in words
    assert "all get $850.00" in words
    assert "Who changes most, from equal awards to first come" in words
    assert "Sending early does not help." in words
    assert "Worker 1" not in words


def test_one_rule_alone_is_compared_with_nothing():
    world = waiting_world()

    words = text_of(Staff(world, Role.DIRECTOR).get("rounds/workbench/", rules="queue"))

    assert "Who changes most" not in words
    assert "The closer to the diagonal" in words


def test_whoever_may_not_read_requests_sees_references_without_links():
    world = waiting_world()

    page = text_of(Staff(world, Role.BOARD).get("rounds/workbench/"))

    assert "R-" in page
    assert "/requests/" not in page.split("Who changes most")[1]


def test_a_smallest_grant_that_cannot_reach_everybody_is_warned_of():
    world = waiting_world()

    words = text_of(Staff(world, Role.DIRECTOR).get("rounds/workbench/", **{"equal_awards-floor": "900"}))

    assert "$900 for each of 3 people is more than the $2,000 to share." in words


def test_up_to_five_rules_are_shown_and_any_can_go():
    world = waiting_world()
    desk = Staff(world, Role.DIRECTOR)

    six = desk.get("rounds/workbench/", rules="talmud,equal_losses,queue,draw,proportional,equal_awards")
    one = desk.get("rounds/workbench/", rules="queue")
    none = desk.get("rounds/workbench/", rules="no_such_rule")

    assert text_of(six).count("People paid") == 5
    assert text_of(one).count("People paid") == 1
    assert text_of(none).count("People paid") == 3


def test_parameters_change_the_figures():
    world = waiting_world()
    desk = Staff(world, Role.DIRECTOR)

    partial = text_of(desk.get("rounds/workbench/", rules="queue", **{"queue-last": "partial"}))
    skip = text_of(desk.get("rounds/workbench/", rules="queue", **{"queue-last": "skip"}))

    assert "2</p>" in partial.split("of 3 people are paid")[0][-60:]
    assert "$1,800.00" in skip


def test_one_rule_stands_twice_with_other_numbers_and_says_which():
    world = waiting_world()

    page = Staff(world, Role.DIRECTOR).get(
        "rounds/workbench/", rules="queue,queue2", **{"queue2-need": "7,500", "queue2-last": "stop"}
    )

    words = text_of(page)
    assert words.count("People paid") == 2
    assert "First come, up to $7,500" in words
    assert "Who changes most, from first come, up to $7,500 to first come" in words


def test_a_draw_says_that_its_order_is_an_example_and_is_proposed_elsewhere():
    world = waiting_world()
    desk = Staff(world, Role.DIRECTOR)

    words = text_of(desk.get("rounds/workbench/", rules="draw", **{"draw-need": "1000"}))

    assert "The order here is only an example" in words
    assert "A draw is prepared on a page of its own" in words
    assert "Propose for approval" not in words


def test_a_rule_that_counts_more_than_a_round_does_is_for_comparison_only():
    world = waiting_world()
    desk = Staff(world, Role.DIRECTOR)
    sent = {"chosen": "queue", "rules": "queue", "queue-last": "partial", "queue-need": "7500"}

    shown = text_of(desk.get("rounds/workbench/", **sent))
    refused = desk.post("rounds/workbench/propose/", sent)

    assert "A round counts each need up to the policy's $1,500." in html.unescape(shown)
    assert "Propose for approval" not in shown
    assert refused.status_code == 422
    assert "comparison only" in summary_of(refused)
    assert not AllocationRound.objects.exists()


def test_a_link_loads_the_five_ways_of_the_report():
    world = waiting_world()
    desk = Staff(world, Role.DIRECTOR)
    first = html.unescape(text_of(desk.get("rounds/workbench/")))
    (address,) = re.findall(r'href="([^"]+)">Load the five ways', first)

    words = text_of(desk.get(address))

    assert words.count("People paid") == 5
    for title in ("First come, up to $7,500", "Draw, up to $1,000", "Proportional, up to $7,500"):
        assert title in words


@pytest.mark.parametrize("floor", ["lots", "1e9", "٣", "1\x00", ""])
def test_a_knob_that_cannot_be_read_is_told_at_the_knob(floor):
    world = waiting_world()

    answer = Staff(world, Role.DIRECTOR).get("rounds/workbench/", **{"equal_awards-floor": floor})

    assert answer.status_code == 422
    assert "Write the amount" in text_of(answer)
    assert text_of(answer).count("People paid") == 2


def test_only_a_director_sees_the_button():
    world = waiting_world()

    page = text_of(Staff(world, Role.AUDITOR).get("rounds/workbench/"))
    assert "Propose for approval" not in page
    assert "A fund director proposes a rule, and others approve it." in page
    sent = {"chosen": "equal_awards", "equal_awards-floor": "0"}
    assert Staff(world, Role.AUDITOR).post("rounds/workbench/propose/", sent).status_code == 403


def test_a_round_is_proposed_and_approved_by_another():
    world = waiting_world()
    director, approver = Staff(world, Role.DIRECTOR), Staff(world, Role.APPROVER)

    answer = director.post("rounds/workbench/propose/", {"chosen": "equal_awards", "equal_awards-floor": "0"})
    row = AllocationRound.objects.get()
    assert answer["Location"] == director.address(page_of(row))
    page = text_of(approver.get(page_of(row)))
    assert "3 awards, $2,000" in page
    assert "Approve 3 for $2,000" in page
    assert "Worker 1" not in page
    assert "In an open round" in text_of(director.get(""))
    told = html.unescape(page).partition("What the rule says: Equal awards")[2].partition("</ul>")[0]
    assert "Sending early does not help." in told

    done = approver.post(f"{page_of(row)}approve/", {"result": row.result_digest})

    assert done["Location"] == approver.address(page_of(row))
    row.refresh_from_db()
    assert row.state == "COMMITTED"
    assert sorted(Award.objects.values_list("amount_cents", flat=True)) == [30_000, 85_000, 85_000]
    assert books.available_cents(world.fund.id) == 0
    assert proof.check_books() == []
    assert "Approved. The money of each award is set aside." in text_of(approver.get(page_of(row)))


def test_a_proposal_sent_twice_is_one_round():
    world = waiting_world()
    desk, token = Staff(world, Role.DIRECTOR), new_token()
    sent = {"chosen": "queue", "queue-last": "partial"}

    first = desk.post("rounds/workbench/propose/", sent, token=token)
    second = desk.post("rounds/workbench/propose/", sent, token=token)
    other = desk.post("rounds/workbench/propose/", sent)

    assert first["Location"] == second["Location"]
    assert other.status_code == 409
    assert "Round 1 is open" in summary_of(other)
    assert AllocationRound.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"chosen": "draw"},
        {"chosen": "queue", "queue-last": "never"},
        {"chosen": "equal_awards", "equal_awards-floor": "NaN"},
    ],
)
def test_a_proposal_that_cannot_be_read_freezes_nothing(sent):
    world = waiting_world()

    answer = Staff(world, Role.DIRECTOR).post("rounds/workbench/propose/", sent)

    assert answer.status_code == 422
    assert "Choose a rule" in summary_of(answer)
    assert not AllocationRound.objects.exists()


def test_the_maker_reads_why_there_is_no_button():
    world = waiting_world()
    row = proposed(world)
    desk = Staff(world, Role.DIRECTOR)

    page = text_of(desk.get(page_of(row)))
    assert "You proposed this. Another person must approve it." in page
    assert "Approve 3" not in page

    answer = desk.post(f"{page_of(row)}approve/", {"result": row.result_digest})
    assert answer.status_code == 403
    assert "You proposed this. Another person must approve it." in summary_of(answer)
    assert not Award.objects.exists()


def test_who_approves_reads_what_the_rule_does_and_whom_it_leaves_out():
    world = waiting_world(money_cents=150_000)
    row = rounds.propose_rule(
        fund_id=world.fund.id, rule={**EQUAL, "floor_cents": 80_000}, by=world.actor(Role.DIRECTOR), now=NOW
    )
    page = Staff(world, Role.APPROVER).get(page_of(row))
    words = text_of(page)

    assert "Equal awards, from $800" in words
    assert re.search(r"Get nothing</dt><dd>2</dd>", words)
    assert "up to one amount that is the same for all" in words
    assert "Some people may get nothing." in words
    (address,) = re.findall(r'href="([^"]+)">Compare it with other rules', words)
    compared = text_of(Staff(world, Role.APPROVER).get(html.unescape(address)))
    assert re.findall(r'class="card( chosen)?"><div class="card-head"[^>]*><h2>([^<]+)', compared) == [
        (" chosen", "Equal awards, from $800"),
        ("", "Proportional"),
        ("", "First come"),
    ]


def test_home_leads_a_board_member_to_the_rules_and_to_the_round_that_waits():
    world = waiting_world()
    desk = Staff(world, Role.BOARD)

    before = text_of(desk.get(""))
    proposed(world)
    home = text_of(desk.get(""))

    assert f'href="{desk.address("rounds/workbench/")}">Compare rules</a>' in home
    assert "<b>3</b>Found eligible, in no round yet<" in before
    assert "<b>3</b>Shared, not yet approved<" in home
    assert "<b>0</b>Found eligible, in no round yet<" in home
    assert "Compare rules" not in text_of(Staff(world, Role.REVIEWER).get(""))


def test_a_decided_round_says_its_rule_and_is_compared_no_more():
    world = waiting_world()
    row = proposed(world)
    rounds.approve(round_id=row.id, result_digest=row.result_digest, by=world.actor(Role.APPROVER), now=NOW)

    words = text_of(Staff(world, Role.DIRECTOR).get(page_of(row)))

    assert "up to one amount that is the same for all" in words
    assert "Compare it with other rules" not in words


def test_from_the_threshold_on_two_people_approve():
    world = waiting_world(two_approvers_from_cents=100_000)
    row = proposed(world)
    first = Staff(world, Role.APPROVER)
    second = Staff(world, add_staff(world.fund, Role.APPROVER, name="Second"))
    assert "Yours is the first of two approvals." in text_of(first.get(page_of(row)))

    first.post(f"{page_of(row)}approve/", {"result": row.result_digest})
    assert not Award.objects.exists()
    again = first.post(f"{page_of(row)}approve/", {"result": row.result_digest})
    assert again.status_code == 409
    assert "Another person must be the second" in summary_of(again)

    second.post(f"{page_of(row)}approve/", {"result": row.result_digest})
    assert Award.objects.count() == 3


@pytest.mark.parametrize("result", ["", "x", "0" * 64, "\x00" * 64])
def test_a_result_that_was_not_looked_at_is_not_approved(result):
    world = waiting_world()
    row = proposed(world)

    answer = Staff(world, Role.APPROVER).post(f"{page_of(row)}approve/", {"result": result})

    assert answer.status_code in {409, 422}
    assert summary_of(answer)
    assert not Award.objects.exists()


def test_a_round_is_given_up_with_a_reason():
    world = waiting_world()
    row = proposed(world)
    desk = Staff(world, Role.APPROVER)

    refused = desk.post(f"{page_of(row)}void/", {"note": ""})
    done = desk.post(f"{page_of(row)}void/", {"note": "A donor called."})

    assert refused.status_code == 422
    assert "Write why." in summary_of(refused)
    assert done.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.void_reason) == ("VOID", "A donor called.")
    assert "A donor called." in text_of(desk.get(page_of(row)))


def test_the_list_of_rounds_and_of_members():
    world = waiting_world()
    row = proposed(world)
    treasurer = Staff(world, Role.TREASURER_PREPARES)

    assert "Round 1" in text_of(treasurer.get("rounds/"))
    members = text_of(treasurer.get(f"{page_of(row)}members/"))
    assert "850.00" in members
    assert "/requests/req_" not in members
    assert "/requests/req_" in text_of(Staff(world, Role.DIRECTOR).get(f"{page_of(row)}members/"))


def test_a_workbench_without_people_or_money_still_opens():
    world = make_world()

    words = text_of(Staff(world, Role.DIRECTOR).get("rounds/workbench/"))

    assert "nobody waits" in words
    assert "there is nothing to share" in words


def test_restricted_money_stands_on_the_workbench_the_round_and_each_award():
    world = waiting_world(money_cents=100_000)
    crew = funds.add_restriction(
        fund_id=world.fund.id,
        name="Camera crew",
        wording="For those who work at the camera.",
        rule={"crafts": ["grip"]},
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    put_money_in(world, 50_000, bank_reference="WIRE-2", restriction_id=crew.id)
    director = Staff(world, Role.DIRECTOR)

    assert "For Camera crew only" in text_of(director.get("rounds/workbench/"))
    row = proposed(world)
    shown = text_of(director.get(page_of(row)))
    assert "Where the money comes from" in shown
    assert '<th scope="row">Camera crew</th><td class="n" data-label="When frozen">$500.00</td>' in shown
    assert '<td class="n" data-label="Used">$500.00</td><td class="n" data-label="Left">$0.00</td>' in shown
    listed = text_of(director.get(f"{page_of(row)}members/"))
    assert "Paid from" in listed
    assert "Camera crew $300.00" in listed


def urgent_world():
    """Three households wait, the last of them with something about to be lost."""
    world = waiting_world(asks=(150_000, 150_000, 90_000))
    last = AssistanceRequest.objects.order_by("-submitted_at").first()
    AssistanceRequest.objects.filter(id=last.id).update(urgency=["EVICTION"])
    return world


def test_urgent_requests_can_be_served_first_or_have_a_part():
    world = urgent_world()
    desk = Staff(world, Role.DIRECTOR)

    first = text_of(desk.get("rounds/workbench/", rules="queue", **{"queue-tiers": "first"}))
    part = text_of(desk.get("rounds/workbench/", rules="equal_awards", **{"equal_awards-tiers": "50"}))
    wrong = desk.get("rounds/workbench/", rules="queue", **{"queue-tiers": "last"})

    assert "paid in full before any other tier gets anything" in first
    assert "Each tier has a fixed part of the money, the most urgent first: 50 %, 50 %." in part
    assert wrong.status_code == 422


def test_a_round_with_tiers_says_what_each_gets():
    world = urgent_world()
    desk = Staff(world, Role.DIRECTOR)
    desk.post(
        "rounds/workbench/propose/",
        {"rules": "equal_awards", "chosen": "equal_awards", "equal_awards-tiers": "first"},
    )
    row = AllocationRound.objects.get()

    page = text_of(desk.get(page_of(row)))
    members = text_of(desk.get(f"{page_of(row)}members/"))

    assert row.rule["tiers"] == "urgency"
    assert "Equal awards, urgent requests first" in page
    assert "Urgent requests: 1 of 1" in page
    assert "$900 of $900" in page
    assert "$1,100 of $3,000" in page
    assert "Urgent" in members


def ticks(world, row) -> dict[str, str]:
    """What the approver's page says of each check: its label and whether it passes."""
    page = text_of(Staff(world, Role.APPROVER).get(page_of(row)))
    found = re.findall(r'<li class="(ok|bad|open)"><b>([^<]+)<', page)
    return {label: state for state, label in found}


def test_each_tick_of_a_round_is_counted_from_its_rows():
    world = waiting_world()
    row = proposed(world)
    assert set(ticks(world, row).values()) == {"ok"}

    AssistanceRequest.objects.filter(verified_cents__gt=30_000).update(verified_cents=20_000)
    assert ticks(world, row)["Nobody gets more than the need that counts"] == "bad"

    AllocationRound.objects.filter(id=row.id).update(awarded_cents=199_999)
    assert ticks(world, row)["The awards add up and fit the money"] == "bad"


def test_a_decided_round_is_topped_up_from_its_page_by_another_approval():
    world = waiting_world()
    row = proposed(world)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    Award.objects.update(state="COMMITTED")
    put_money_in(world, 90_000, bank_reference="WIRE-2")
    desk = Staff(world, Role.DIRECTOR)
    assert "Propose a top-up" in text_of(desk.get(page_of(row)))
    assert "Propose a top-up" not in text_of(Staff(world, Role.APPROVER).get(page_of(row)))

    answer = desk.post(f"{page_of(row)}topup/", {})

    second = AllocationRound.objects.get(number=2)
    assert answer["Location"].endswith(page_of(second))
    words = html.unescape(text_of(desk.get(page_of(second))))
    assert "tops up round 1" in words
    assert "Round 1 and this one together give what one big round would have given." in words
    again = desk.post(f"{page_of(row)}topup/", {})
    assert (again.status_code, "Round 2 is open" in text_of(again)) == (409, True)


def test_a_round_that_cannot_be_topped_up_says_why():
    world = waiting_world()
    row = proposed(world)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)

    answer = Staff(world, Role.DIRECTOR).post(f"{page_of(row)}topup/", {})

    assert answer.status_code == 409
    assert "3 people did not answer yet whether to take the award of before." in text_of(answer)
    assert Staff(world, Role.APPROVER).post(f"{page_of(row)}topup/", {}).status_code == 403
