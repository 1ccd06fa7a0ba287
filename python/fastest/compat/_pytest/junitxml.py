"""Writes JUnit files. The engine's `junitxml`."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import junitxml as _junitxml

from _pytest.fixtures import fixture

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


def __getattr__(name):
    choices = {
        "_JunitLogging": ("no", "log", "system-out", "system-err", "out-err", "all"),
        "_JunitDurationReport": ("total", "call"),
        "_JunitFamily": ("legacy", "xunit1", "xunit2"),
    }.get(name)
    if choices is None:
        return _elsewhere.find(__name__, name)
    from typing import Literal

    return Literal[choices]


@fixture
def record_property(request: FixtureRequest) -> Callable[[str, object], None]:
    """Add extra properties to the calling test.

    User properties become part of the test report and are available to the
    configured reporters, like JUnit XML.

    The fixture is callable with ``name, value``. The value is automatically
    XML-encoded.

    Example::

        def test_function(record_property):
            record_property("example_key", 1)
    """
    return _junitxml.property_recorder(request)


@fixture
def record_xml_attribute(request: FixtureRequest) -> Callable[[str, object], None]:
    """Add extra xml attributes to the tag for the calling test.

    The fixture is callable with ``name, value``. The value is
    automatically XML-encoded.
    """
    return _junitxml.attribute_recorder(request)


@fixture(scope="session")
def record_testsuite_property(request: FixtureRequest) -> Callable[[str, object], None]:
    """Record a new ``<property>`` tag as child of the root ``<testsuite>``.

    This is suitable to writing global information regarding the entire test
    suite, and is compatible with ``xunit2`` JUnit family.

    This is a ``session``-scoped fixture which is called with ``(name, value)``. Example:

    .. code-block:: python

        def test_foo(record_testsuite_property):
            record_testsuite_property("ARCH", "PPC")
            record_testsuite_property("STORAGE_TYPE", "CEPH")

    :param name:
        The property name.
    :param value:
        The property value. Will be converted to a string.

    .. warning::

        Currently this fixture **does not work** with the
        `pytest-xdist <https://github.com/pytest-dev/pytest-xdist>`__ plugin. See
        :issue:`7767` for details.
    """
    return _junitxml.suite_property_recorder(request)
