"""Marks: the well-known ones have signatures of their own, others take anything."""

from __future__ import annotations

import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tmp_path")]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(("left", "right"), [(1, 2), pytest.param(3, 4, id="more", marks=pytest.mark.slow)], ids=["a", None])
@pytest.mark.parametrize("value", range(3), indirect=True, scope="module", ids=lambda value: f"v{value}")
@pytest.mark.parametrize("hidden", [pytest.param(1, id=pytest.HIDDEN_PARAM)])
def test_parametrized(number: int, left: int, right: int, value: int, hidden: int) -> None: ...


@pytest.mark.skip
def test_skip() -> None: ...


@pytest.mark.skip(reason="why")
@pytest.mark.skipif(sys.platform == "win32", reason="no")
@pytest.mark.skipif("sys.platform == 'win32'", "os.name == 'nt'", reason="no")
@pytest.mark.xfail
@pytest.mark.xfail(strict=True, run=False)
@pytest.mark.xfail(sys.version_info < (3, 11), reason="old", raises=(ValueError, KeyError))
@pytest.mark.xfail(raises=pytest.RaisesGroup(ValueError))
@pytest.mark.filterwarnings("ignore", "error::UserWarning")
@pytest.mark.own(1, two=2)
@pytest.mark.own
async def test_many() -> None: ...


@pytest.mark.own
class TestClass:
    def test_method(self) -> None: ...


reveal_type(pytest.mark)
reveal_type(pytest.mark.skip)
reveal_type(pytest.mark.parametrize)
reveal_type(pytest.mark.parametrize("a", [1]))
reveal_type(pytest.mark.own)
reveal_type(pytest.mark.own(1))
reveal_type(pytest.mark.own(test_skip))
reveal_type(pytest.mark.own.with_args(1, a=2))
reveal_type(pytest.mark.xfail.mark)
reveal_type(pytest.mark.own.args)
reveal_type(pytest.mark.own.kwargs)
reveal_type(pytest.mark.own.name)
reveal_type(test_skip)
reveal_type(test_many)
reveal_type(TestClass)
reveal_type(pytest.param(1, 2))
reveal_type(pytest.param(1).marks)
reveal_type(pytest.param(1).id)
reveal_type(pytest.param)
