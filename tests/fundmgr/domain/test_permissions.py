"""The table of roles: separation of duties can be read off it."""

import pytest

from fundmgr.domain.permissions import ALLOWED, Action, Role, allows


def test_every_action_has_a_row_and_somebody_who_may():
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED.values())


@pytest.mark.parametrize(
    ("maker", "checker"),
    [
        (Action.DECISION_PROPOSE, Action.DECISION_DECIDE),
        (Action.CONTACT_PROPOSE, Action.CONTACT_DECIDE),
        (Action.BATCH_BUILD, Action.BATCH_RELEASE),
        (Action.RECEIPT_RECORD, Action.RECEIPT_RECONCILE),
        (Action.RELEASE_PROPOSE, Action.RELEASE_DECIDE),
        (Action.REVERSAL_PROPOSE, Action.REVERSAL_DECIDE),
        (Action.FUND_CLOSE_PROPOSE, Action.FUND_CLOSE_DECIDE),
    ],
)
def test_no_role_is_maker_and_checker(maker, checker):
    assert not ALLOWED[maker] & ALLOWED[checker]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BOARD])
def test_readers_change_nothing(role):
    # A report and a scenario are made of what there is, and nothing comes of them. The board's one signature
    # ends the fund, beside the director's.
    spared = {Action.REPORT_BUILD, Action.SCENARIO_SAVE}
    spared |= {Action.FUND_CLOSE_DECIDE} if role is Role.BOARD else set()
    changing = {action for action in Action if "read" not in action.value} - spared

    assert not any(allows([role], action) for action in changing)


def test_an_auditor_saves_no_scenario_and_only_a_director_changes_those_of_others():
    assert not allows([Role.AUDITOR], Action.SCENARIO_SAVE)
    assert ALLOWED[Action.SCENARIO_CHANGE_ANY] == {Role.DIRECTOR}


def test_intake_files_and_reads_nothing_of_others():
    assert {action for action in Action if allows([Role.INTAKE], action)} == {
        Action.FUND_READ,
        Action.REQUEST_FILE,
    }


@pytest.mark.parametrize("role", [Role.TREASURER_PREPARES, Role.TREASURER_RELEASES, Role.BOARD])
def test_money_people_read_no_cases(role):
    assert not allows([role], Action.REQUEST_READ)


def test_roles_add_up():
    assert not allows([], Action.FUND_READ)
    assert allows([Role.BOARD, Role.REVIEWER], Action.REQUEST_REVIEW)
