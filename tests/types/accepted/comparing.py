"""approx, outcomes that never return, importorskip, warnings."""

from __future__ import annotations

import datetime
import warnings
from decimal import Decimal

import pytest

assert 0.1 + 0.2 == pytest.approx(0.3)
assert [0.1] == pytest.approx([0.3], rel=1e-3, abs=Decimal("0.1"), nan_ok=True)
reveal_type(pytest.approx)
reveal_type(pytest.approx(0.3))
reveal_type(pytest.approx({"a": 1.0}))
reveal_type(pytest.approx(datetime.datetime.now(), abs=datetime.timedelta(seconds=1)))
reveal_type(pytest.Approx)
reveal_type(pytest.importorskip("numpy", minversion="1.0", reason="no", exc_type=ImportError))


def leave(kind: str | None) -> str:
    if kind == "skip":
        pytest.skip("why", allow_module_level=True)
    elif kind == "fail":
        pytest.fail(reason="why", pytrace=False)
    elif kind == "xfail":
        pytest.xfail("why")
    elif kind is None:
        pytest.exit("why", returncode=3)
    reveal_type(kind)
    return kind


def outcomes() -> None:
    try:
        leave(None)
    except pytest.skip.Exception as skipped:
        reveal_type(skipped)
        reveal_type(skipped.msg)
    except pytest.fail.Exception as failed:
        reveal_type(failed)
    except pytest.exit.Exception as left:
        reveal_type(left.returncode)
    except pytest.xfail.Exception as expected:
        reveal_type(expected)


with pytest.warns() as records:
    warnings.warn("x", stacklevel=1)
reveal_type(records)
reveal_type(records[0])
reveal_type(records.pop(UserWarning))
reveal_type(records.list)
with pytest.warns((UserWarning, DeprecationWarning), match="x"):
    pass
reveal_type(pytest.warns(UserWarning, lambda text: len(text), "x"))
reveal_type(pytest.warns)
reveal_type(pytest.deprecated_call)
with pytest.deprecated_call(match="x") as deprecated:
    reveal_type(deprecated)
reveal_type(pytest.deprecated_call(int, "1"))


def test_recorder(recwarn: pytest.WarningsRecorder) -> None:
    reveal_type([record.category for record in recwarn])
    reveal_type(len(recwarn))
    recwarn.clear()


reveal_type(pytest.main(["-x"], plugins=[object()]))
reveal_type(pytest.ExitCode.OK)
reveal_type(pytest.ExitCode(0))
reveal_type(pytest.__version__)
reveal_type(pytest.version_tuple)
reveal_type(pytest.set_trace)
reveal_type(pytest.PytestUnraisableExceptionWarning)
pytest.register_assert_rewrite("one", "two")
