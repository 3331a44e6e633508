"""The table that the fault programme ends with; a full run that hits too few points fails."""

import pytest
import tally

LEAST_HITS = 300


def _is_full(config: pytest.Config) -> bool:
    return "slow" in config.option.markexpr and not config.option.keyword


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    if tally.TABLE:
        terminalreporter.section("fault programme")
        for line in tally.lines():
            terminalreporter.write_line(line)
        if _is_full(terminalreporter.config) and tally.hits() < LEAST_HITS:
            terminalreporter.write_line(f"FAILED: fewer than {LEAST_HITS} points were hit")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a full run of the programme that proved less than it promises."""
    if tally.TABLE and _is_full(session.config) and tally.hits() < LEAST_HITS:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
