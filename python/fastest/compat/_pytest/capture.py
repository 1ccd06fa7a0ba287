"""Capture of what tests write to stdout and stderr."""

from __future__ import annotations

from fastest._engine import capture_descriptors as _descriptors
from fastest._engine import capture_fixture as _fixture
from fastest._engine import capture_manager as _manager
from fastest._engine import capture_multi as _multi
from fastest._engine import capture_stand_ins as _stand_ins
from fastest._engine import capture_streams as _streams
from fastest._engine import elsewhere as _elsewhere

from _pytest.fixtures import fixture

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

EncodedFile = _stand_ins.EncodedFile
CaptureIO = _stand_ins.CaptureIO
TeeCaptureIO = _stand_ins.TeeCaptureIO
DontReadFromInput = _stand_ins.DontReadFromInput
patchsysdict = _streams.patchsysdict
CaptureBase = _streams.CaptureBase
NoCapture = _streams.NoCapture
SysCaptureBase = _streams.SysCaptureBase
SysCaptureBinary = _streams.SysCaptureBinary
SysCapture = _streams.SysCapture
FDCaptureBase = _descriptors.FDCaptureBase
FDCaptureBinary = _descriptors.FDCaptureBinary
FDCapture = _descriptors.FDCapture
CaptureResult = _multi.CaptureResult
MultiCapture = _multi.MultiCapture
_get_multicapture = _multi._get_multicapture
CaptureManager = _manager.CaptureManager
CaptureFixture = _fixture.CaptureFixture
pytest_addoption = _manager.pytest_addoption
pytest_load_initial_conftests = _manager.pytest_load_initial_conftests


@fixture
def capsys(request: SubRequest) -> Generator[CaptureFixture[str]]:
    r"""Capture what is written to ``sys.stdout`` and ``sys.stderr``.

    ``capsys.readouterr()`` gives it as a tuple ``(out, err)`` of texts.

    .. code-block:: python

        def test_output(capsys):
            print("hello")
            assert capsys.readouterr().out == "hello\n"
    """
    yield from _fixture.fixture_body(request, SysCapture, None)


@fixture
def capteesys(request: SubRequest) -> Generator[CaptureFixture[str]]:
    r"""Capture what is written to ``sys.stdout`` and ``sys.stderr``, and let it pass on.

    As ``capsys``, but the output also goes where ``--capture`` sends it.
    """
    yield from _fixture.fixture_body(request, SysCapture, {"tee": True})


@fixture
def capsysbinary(request: SubRequest) -> Generator[CaptureFixture[bytes]]:
    r"""Capture what is written to ``sys.stdout`` and ``sys.stderr``, as bytes.

    ``capsysbinary.readouterr()`` gives it as a tuple ``(out, err)`` of bytes.
    """
    yield from _fixture.fixture_body(request, SysCaptureBinary, None)


@fixture
def capfd(request: SubRequest) -> Generator[CaptureFixture[str]]:
    r"""Capture what is written to the file descriptors ``1`` and ``2``.

    ``capfd.readouterr()`` gives it as a tuple ``(out, err)`` of texts. Output of child processes and of C code is in it.
    """
    yield from _fixture.fixture_body(request, FDCapture, None)


@fixture
def capfdbinary(request: SubRequest) -> Generator[CaptureFixture[bytes]]:
    r"""Capture what is written to the file descriptors ``1`` and ``2``, as bytes.

    ``capfdbinary.readouterr()`` gives it as a tuple ``(out, err)`` of bytes.
    """
    yield from _fixture.fixture_body(request, FDCaptureBinary, None)
