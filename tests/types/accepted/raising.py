"""raises in its forms, groups, and what is known of the exception afterwards."""

from __future__ import annotations

import re
import sys

import pytest

if sys.version_info < (3, 11):
    from exceptiongroup import BaseExceptionGroup, ExceptionGroup


def divide(left: int, right: int, *, whole: bool = False) -> float:
    return left / right


with pytest.raises(ZeroDivisionError) as one:
    divide(1, 0)
reveal_type(one)
reveal_type(one.value)
reveal_type(one.type)
reveal_type(one.tb)
reveal_type(one.traceback)
reveal_type(one.traceback[0])
reveal_type(one.traceback[0].frame.f_locals)
reveal_type(one.typename)
reveal_type(one.match("text"))
reveal_type(one.errisinstance(ValueError))
reveal_type(one.exconly())
reveal_type(one.getrepr(style="short"))
reveal_type(one.group_contains(ValueError, match="x", depth=1))

with pytest.raises((ValueError, KeyError), match=re.compile("x")) as two:
    pass
reveal_type(two.value)
with pytest.raises(OSError, check=lambda error: error.errno == 1) as three:
    pass
reveal_type(three)
with pytest.raises(match="only text") as four:
    pass
reveal_type(four)
with pytest.raises(check=lambda error: True) as five:
    pass
reveal_type(five)
reveal_type(pytest.raises(ZeroDivisionError, divide, 1, 0, whole=True))
reveal_type(pytest.raises(ZeroDivisionError, lambda: 1 / 0))
reveal_type(pytest.raises)
reveal_type(pytest.raises(ValueError))

reveal_type(pytest.RaisesExc(ValueError))
reveal_type(pytest.RaisesExc(match="x"))
reveal_type(pytest.RaisesExc((ValueError, TypeError), check=lambda error: bool(error.args)))
reveal_type(pytest.RaisesExc(ValueError).fail_reason)
reveal_type(pytest.RaisesGroup(ValueError))
reveal_type(pytest.RaisesGroup(ValueError, TypeError, match="x"))
reveal_type(pytest.RaisesGroup(KeyboardInterrupt))
reveal_type(pytest.RaisesGroup(pytest.RaisesGroup(ValueError)))
reveal_type(pytest.RaisesGroup(pytest.RaisesExc(ValueError, match="x"), flatten_subgroups=True))
reveal_type(pytest.RaisesGroup(ValueError, allow_unwrapped=True))
reveal_type(pytest.RaisesGroup(ValueError, pytest.RaisesGroup(TypeError)))
with pytest.RaisesGroup(ValueError, check=lambda group: len(group.exceptions) == 1) as six:
    pass
reveal_type(six)
reveal_type(six.value)
reveal_type(six.value.exceptions)
with pytest.RaisesGroup(SystemExit) as seven:
    pass
reveal_type(seven.value)


def narrow(error: BaseException) -> None:
    if pytest.RaisesExc(ValueError).matches(error):
        reveal_type(error)
    if pytest.RaisesGroup(ValueError).matches(error):
        reveal_type(error)
    if pytest.RaisesGroup(SystemExit).matches(error):
        reveal_type(error)


def build(group: BaseExceptionGroup[BaseException], ordinary: ExceptionGroup[ValueError]) -> None:
    reveal_type(pytest.ExceptionInfo.from_exception(ordinary))
    reveal_type(pytest.ExceptionInfo.from_exception(group))
    reveal_type(pytest.ExceptionInfo.from_current())
    reveal_type(pytest.ExceptionInfo.from_exc_info((ValueError, ValueError(), None)))  # type: ignore[arg-type]


def hints(info: pytest.ExceptionInfo[ValueError]) -> None:
    reveal_type(info.value)
    reveal_type(str(info))
