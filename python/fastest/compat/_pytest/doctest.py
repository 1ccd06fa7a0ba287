"""Collects and runs doctests. The engine's `doctest`."""

from __future__ import annotations

from fastest._engine import doctest as _doctest
from fastest._engine import elsewhere as _elsewhere

from _pytest.fixtures import fixture

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

DOCTEST_REPORT_CHOICE_NONE = _doctest.DOCTEST_REPORT_CHOICE_NONE
DOCTEST_REPORT_CHOICE_CDIFF = _doctest.DOCTEST_REPORT_CHOICE_CDIFF
DOCTEST_REPORT_CHOICE_NDIFF = _doctest.DOCTEST_REPORT_CHOICE_NDIFF
DOCTEST_REPORT_CHOICE_UDIFF = _doctest.DOCTEST_REPORT_CHOICE_UDIFF
DOCTEST_REPORT_CHOICE_ONLY_FIRST_FAILURE = _doctest.DOCTEST_REPORT_CHOICE_ONLY_FIRST_FAILURE
DOCTEST_REPORT_CHOICES = _doctest.DOCTEST_REPORT_CHOICES

CHECKER_CLASS = _doctest.CHECKER_CLASS
RUNNER_CLASS = _doctest.RUNNER_CLASS

DoctestItem = _doctest.DoctestItem
DoctestModule = _doctest.DoctestModule
DoctestTextfile = _doctest.DoctestTextfile
MultipleDoctestFailures = _doctest.MultipleDoctestFailures
ReprFailDoctest = _doctest.ReprFailDoctest
_check_all_skipped = _doctest._check_all_skipped
_get_allow_bytes_flag = _doctest._get_allow_bytes_flag
_get_allow_unicode_flag = _doctest._get_allow_unicode_flag
_get_checker = _doctest._get_checker
_get_continue_on_failure = _doctest._get_continue_on_failure
_get_flag_lookup = _doctest._get_flag_lookup
_get_number_flag = _doctest._get_number_flag
_get_report_choice = _doctest._get_report_choice
_get_runner = _doctest._get_runner
_init_checker_class = _doctest._init_checker_class
_init_runner_class = _doctest._init_runner_class
_is_doctest = _doctest._is_doctest
_is_main_py = _doctest._is_main_py
_is_mocked = _doctest._is_mocked
_is_setup_py = _doctest._is_setup_py
_patch_unwrap_mock_aware = _doctest._patch_unwrap_mock_aware
get_optionflags = _doctest.get_optionflags
pytest_addoption = _doctest.pytest_addoption
pytest_collect_file = _doctest.pytest_collect_file
pytest_unconfigure = _doctest.pytest_unconfigure


@fixture(scope="session")
def doctest_namespace() -> dict[str, Any]:
    """A :class:`dict` of the names that doctests see; an autouse fixture fills it.

    .. code-block:: python

        @pytest.fixture(autouse=True)
        def add_np(doctest_namespace):
            doctest_namespace["np"] = numpy
    """
    return {}
