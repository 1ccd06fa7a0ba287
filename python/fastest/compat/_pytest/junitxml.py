"""Writes JUnit files. The engine's `junitxml`."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import junitxml as _junitxml

from _pytest.fixtures import fixture

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

MESSAGE_ATTR_BUDGET = 500
LogXML = _junitxml.LogXML
_NodeReporter = _junitxml._NodeReporter
_check_record_param_type = _junitxml._check_record_param_type
_warn_incompatibility_with_xunit2 = _junitxml._warn_incompatibility_with_xunit2
bin_xml_escape = _junitxml.bin_xml_escape
mangle_test_address = _junitxml.mangle_test_address
pytest_addoption = _junitxml.pytest_addoption
pytest_configure = _junitxml.pytest_configure
pytest_unconfigure = _junitxml.pytest_unconfigure
shorten_message = _junitxml.shorten_message
xml_key = _junitxml.xml_key
families = {
    "_base": {"testcase": ["classname", "name"]},
    "_base_legacy": {"testcase": ["file", "line", "url"]},
    "xunit1": {"testcase": ["classname", "name", "file", "line", "url"]},
    "xunit2": {"testcase": ["classname", "name"]},
}


@fixture
def record_property(request: FixtureRequest) -> Callable[[str, object], None]:
    """Adds properties to the report of the test, which JUnit files and other reports show.

    .. code-block:: python

        def test_function(record_property):
            record_property("example_key", 1)
    """
    return _junitxml.property_recorder(request)


@fixture
def record_xml_attribute(request: FixtureRequest) -> Callable[[str, object], None]:
    """Adds attributes to the test's tag in the JUnit file: ``record_xml_attribute(name, value)``."""
    return _junitxml.attribute_recorder(request)


@fixture(scope="session")
def record_testsuite_property(request: FixtureRequest) -> Callable[[str, object], None]:
    """Adds properties to the root ``<testsuite>`` of the JUnit file, for what is true of the whole run.

    .. code-block:: python

        def test_function(record_testsuite_property):
            record_testsuite_property("ARCH", "PPC")

    Names are texts; values become texts. Workers of pytest-xdist have no such file: what they record is lost.
    """
    return _junitxml.suite_property_recorder(request)
