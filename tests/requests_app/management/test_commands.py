"""The commands prove, and say by their exit code what they found."""

import json
from io import StringIO

import pytest
from builders import make_world, put_money_in
from django.core.management import CommandError, call_command
from django.test import override_settings

from fundmgr.models.ledger import Balance

pytestmark = pytest.mark.django_db


def printed(*args: str, **options: object) -> str:
    """Run a command and return what it printed."""
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_check_books_is_content_with_sound_books():
    put_money_in(make_world(), 1_000_000)

    assert json.loads(printed("check_books", "--json")) == {"ok": True, "findings": []}


def test_check_books_names_the_balance_that_is_off_and_exits_with_three():
    put_money_in(make_world(), 1_000_000)
    bent = Balance.objects.filter(account__code="9100").get()
    Balance.objects.filter(pk=bent.pk).update(balance_cents=bent.balance_cents + 1)
    out = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("check_books", "--json", stdout=out)

    assert stop.value.code == 3
    findings = json.loads(out.getvalue())["findings"]
    assert {row["check"] for row in findings} == {"balances_equal_entries", "available_is_backed"}
    assert str(bent.pk) in {row["row_id"] for row in findings}


def test_verify_audit_tells_links_and_head():
    make_world()

    found = json.loads(printed("verify_audit", "--json"))

    assert found["ok"]
    assert found["linked"] > 0
    assert len(found["head"]) == 64


def test_demo_refuses_outside_demo_mode():
    with override_settings(DEMO=False), pytest.raises(CommandError):
        call_command("demo")


def test_verify_audit_says_as_json_that_there_is_no_anchor(tmp_path, capsys):
    with pytest.raises(CommandError):
        call_command("verify_audit", "--json", "--anchor", str(tmp_path / "none"))

    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], "is not there" in told["error"]) == (False, True)
