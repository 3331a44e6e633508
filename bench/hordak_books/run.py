"""Runs the other ledger in an interpreter of its own: `run.py processes seconds`, prints awards a second."""

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))


def main() -> None:
    """Open the accounts once, then award out of the one fund from all processes."""
    processes, seconds = int(sys.argv[1]), float(sys.argv[2])
    import django

    django.setup()
    from bench import ledger_ways

    _open()
    print(ledger_ways.race(processes, seconds, _award))


def _open() -> None:
    from hordak.models import Account
    from moneyed import Money

    if Account.objects.exists():
        return
    kinds = {"1": Account.TYPES.asset, "2": Account.TYPES.asset, "3": Account.TYPES.income}
    for code, kind in kinds.items():
        Account.objects.create(name=f"Bench {code}", code=code, type=kind, currencies=["USD"])
    gifts, fund, workers = (Account.objects.get(code=code) for code in ("3", "1", "2"))
    gifts.transfer_to(fund, Money(10_000_000, "USD"))
    _write_history(fund, workers, int(os.environ.get("HISTORY", "0")))


def _write_history(fund: Any, workers: Any, number: int) -> None:
    """Write what as many transfers would have left behind, in two statements."""
    from django.db import transaction
    from hordak.models import Leg, Transaction
    from moneyed import Money

    with transaction.atomic():
        made = Transaction.objects.bulk_create(Transaction() for _ in range(number))
        Leg.objects.bulk_create(
            Leg(transaction=one, account=account, **{side: Money(1, "USD")})
            for one in made
            for account, side in ((fund, "credit"), (workers, "debit"))
        )


def _award(_number: int) -> None:
    from django.db import transaction
    from hordak.models import Account
    from moneyed import Money

    amount = Money(1, "USD")
    with transaction.atomic():
        fund = Account.objects.select_for_update().get(code="1")
        if fund.get_balance()["USD"] < amount:
            raise SystemExit("the fund is spent: give the bench more money")
        fund.transfer_to(Account.objects.get(code="2"), amount)


if __name__ == "__main__":
    main()
