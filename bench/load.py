"""Send requests over kept connections from several processes, and time each answer."""

import http.client
import json
import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

PROCESSES = 2
CONNECTIONS = 32
Make = Callable[[str], tuple[dict[str, str], bytes]]


@dataclass(frozen=True)
class Run:
    """What one run gave: answers a second, and the waits in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float
    refused: int


def drive(port: int, path: str, make: Make, seconds: float) -> Run:
    """Post for so many seconds over 32 connections; a bounded run on the loopback address only."""
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        jobs = [(port, path, make, seconds, number) for number in range(PROCESSES)]
        parts = pool.starmap(_process, jobs)
    waits = sorted(wait for part, _ in parts for wait in part)
    refused = sum(count for _, count in parts)
    cut = statistics.quantiles(waits, n=100) if len(waits) > 1 else [0.0] * 99
    return Run(len(waits) / seconds, cut[49] * 1000, cut[98] * 1000, refused)


def _process(port: int, path: str, make: Make, seconds: float, number: int) -> tuple[list[float], int]:
    waits: list[float] = []
    refused: list[str] = []
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=_connection, args=(port, path, make, end, f"{number}-{place}", waits, refused)
        )
        for place in range(CONNECTIONS // PROCESSES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        print("first refusal:", refused[0][:300])
    return waits, len(refused)


def _connection(
    port: int, path: str, make: Make, end: float, name: str, waits: list[float], refused: list[str]
) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    count = 0
    while time.monotonic() < end:
        count += 1
        headers, body = make(f"{name}-{count}-{time.time_ns()}")
        start = time.monotonic()
        link.request("POST", path, body, headers)
        answer = link.getresponse()
        text = answer.read()
        if answer.status == http.client.CREATED:
            waits.append(time.monotonic() - start)
        else:
            refused.append(f"{answer.status} {text!r}")
    link.close()


def post_form(port: int, path: str, form: str) -> dict[str, object]:
    """Post one form and return the JSON answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded"})
    found: dict[str, object] = json.loads(link.getresponse().read())
    return found
