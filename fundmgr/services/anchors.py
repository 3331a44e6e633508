"""Anchors: what the trail and the books were at a moment, kept where the database's owner cannot reach.

Each line of the anchor file holds the head of the chain and, for each fund, the digest of the transfers since
the line before; a keyed hash ties it to that line. Who cuts the tail of the chain, or rebuilds all of it, or
edits old entries so that they still balance, can make the database agree with itself, but not with the lines.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from fundmgr.domain.canonical import canonical_bytes
from fundmgr.models import Fund
from fundmgr.ports import disk, outbox
from fundmgr.ports.outbox import Effect
from fundmgr.queries import books, trail
from fundmgr.services.use_case import use_case

START = "0" * 64


@dataclass(frozen=True)
class Fault:
    """One line that the database no longer agrees with: its number, and why in words."""

    line: int
    sentence: str


def export(*, now: datetime) -> dict[str, Any]:
    """This will add one line to the anchor file and, where an address is set, owe it to that mailbox."""
    path = Path(settings.ANCHOR_FILE)
    with _held(path):
        lines = read(path)
        line = _line(lines[-1] if lines else None, now=now)
        disk.flush()
        _append(path, line)
    if settings.ANCHOR_MAIL:
        _owe_mail(line=line, now=now)
    return line


def read(path: Path) -> list[dict[str, Any]]:
    """This will return the lines of an anchor file, none where there is no file yet.

    Errors: ValueError for a line that is no object in JSON.
    """
    if not path.exists():
        return []
    lines = [json.loads(text) for text in path.read_text().splitlines() if text.strip()]
    if not all(isinstance(line, dict) for line in lines):
        raise ValueError("a line is no anchor")
    return lines


def verify(lines: Sequence[Mapping[str, Any]]) -> Fault | None:
    """This will hold the database to the lines and return the first that it does not agree with."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return first_fault(lines)


def first_fault(lines: Sequence[Mapping[str, Any]]) -> Fault | None:
    """This will do what `verify` does, inside the caller's transaction."""
    before: Mapping[str, Any] | None = None
    for number, line in enumerate(lines, start=1):
        sentence = _forged(line, before) or _disagrees(line, before)
        if sentence:
            return Fault(number, sentence)
        before = line
    return None


def _line(before: Mapping[str, Any] | None, *, now: datetime) -> dict[str, Any]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        sequence, head = trail.head()
        line: dict[str, Any] = {
            "at": now.isoformat(),
            "sequence": sequence,
            "head": head,
            "ledgers": _ledgers(before),
            "previous": before["mac"] if before else START,
        }
    return {**line, "mac": _mac(line)}


def _ledgers(before: Mapping[str, Any] | None) -> dict[str, Any]:
    known = before["ledgers"] if before else {}
    found = {}
    for fund_id in Fund.objects.order_by("id").values_list("id", flat=True):
        start = known.get(str(fund_id), {"sequence": 0})["sequence"]
        last = books.last_sequence(fund_id)
        digest = books.digest(fund_id, after=start, upto=last)
        found[str(fund_id)] = {"sequence": last, "digest": digest}
    return found


def _forged(line: Mapping[str, Any], before: Mapping[str, Any] | None) -> str | None:
    said = {name: value for name, value in line.items() if name != "mac"}
    if not hmac.compare_digest(str(line.get("mac", "")), _mac(said)):
        return "the line was changed, or written with another key"
    if line["previous"] != (before["mac"] if before else START):
        return "a line before it is missing"
    return None


def _disagrees(line: Mapping[str, Any], before: Mapping[str, Any] | None) -> str | None:
    found = trail.hash_at(line["sequence"])
    if found is None:
        return f"link {line['sequence']} is gone: the end of the chain was cut"
    if found != line["head"]:
        return f"link {line['sequence']} has another hash: the chain was rebuilt"
    known = before["ledgers"] if before else {}
    for fund_id, said in line["ledgers"].items():
        start = known.get(fund_id, {"sequence": 0})["sequence"]
        if books.digest(fund_id, after=start, upto=said["sequence"]) != said["digest"]:
            return f"the transfers {start + 1} to {said['sequence']} of fund {fund_id} are not as they were"
    return None


def _mac(line: Mapping[str, Any]) -> str:
    key = settings.ANCHOR_KEY.encode()
    return hmac.new(key, canonical_bytes(line), hashlib.sha256).hexdigest()


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Let one process at a time add its line: each line names the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _append(path: Path, line: Mapping[str, Any]) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(opened, "ab") as file:
        file.write(canonical_bytes(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())


@use_case
def _owe_mail(*, line: Mapping[str, Any], now: datetime) -> None:
    fund_id = Fund.objects.order_by("created_at").values_list("id", flat=True).first()
    if fund_id is None:
        return
    payload = {"line": canonical_bytes(line).decode(), "at": now.isoformat()}
    outbox.owe(Effect("anchor", f"anchor:{now:%Y%m%dT%H}", payload), fund_id=fund_id, now=now)
