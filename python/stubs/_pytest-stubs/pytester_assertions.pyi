from collections.abc import Sequence

from _pytest.reports import CollectReport as CollectReport, TestReport as TestReport

def assert_outcomes(
    outcomes: dict[str, int],
    passed: int = 0,
    skipped: int = 0,
    failed: int = 0,
    errors: int = 0,
    xpassed: int = 0,
    xfailed: int = 0,
    warnings: int | None = None,
    deselected: int | None = None,
) -> None: ...
def assertoutcome(
    outcomes: tuple[Sequence[TestReport], Sequence[CollectReport | TestReport], Sequence[CollectReport | TestReport]],
    passed: int = 0,
    skipped: int = 0,
    failed: int = 0,
) -> None: ...
