"""Work that many processes do at one moment, each on connections of its own."""

import multiprocessing

from django.db import connection, connections


def in_processes(work, *arguments, processes=8, most_seconds=280):
    """Run `work(number, *arguments)` in processes that start at one moment; return what each one returns."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(processes), fork.Queue()

    def run(number):
        # The parent's connections do not survive a fork; a fresh one reads the same settings.
        connections.close_all()
        connection.ensure_connection()
        barrier.wait()
        results.put(work(number, *arguments))
        connections.close_all()

    children = [fork.Process(target=run, args=(number,)) for number in range(processes)]
    for child in children:
        child.start()
    found = [results.get(timeout=most_seconds) for _ in children]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * processes
    return found
