"""The assertions of pytester, in a module of their own so that they are rewritten."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)


def assertoutcome(outcomes, passed=0, skipped=0, failed=0):
    """Assert how many reports passed, were skipped and failed."""
    __tracebackhide__ = True
    counts = dict(zip(("passed", "skipped", "failed"), map(len, outcomes)))
    expected = {"failed": failed, "passed": passed, "skipped": skipped}
    obtained = {name: counts[name] for name in expected}
    assert obtained == expected, outcomes


def assert_outcomes(
    outcomes, passed=0, skipped=0, failed=0, errors=0, xpassed=0, xfailed=0, warnings=None, deselected=None
):
    """Assert the counts of a terminal summary. None is not looked at."""
    __tracebackhide__ = True
    expected = {
        "passed": passed,
        "skipped": skipped,
        "failed": failed,
        "errors": errors,
        "xpassed": xpassed,
        "xfailed": xfailed,
        "warnings": warnings,
        "deselected": deselected,
    }
    expected = {name: count for name, count in expected.items() if count is not None}
    obtained = {name: outcomes.get(name, 0) for name in expected}
    assert obtained == expected
