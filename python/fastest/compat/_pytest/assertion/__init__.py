"""The plugin that explains failed asserts."""

from _pytest.assertion import rewrite, truncate, util
from _pytest.assertion.rewrite import assertstate_key
from fastest._engine import assertion as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

AssertionState = _room.AssertionState
DummyRewriteHook = _room.DummyRewriteHook
RewriteHook = _room.RewriteHook
install_importhook = _room.install_importhook
pytest_addoption = _room.pytest_addoption
pytest_assertrepr_compare = _room.pytest_assertrepr_compare
pytest_collection = _room.pytest_collection
pytest_configure = _room.pytest_configure
pytest_runtest_protocol = _room.pytest_runtest_protocol
pytest_sessionfinish = _room.pytest_sessionfinish
register_assert_rewrite = _room.register_assert_rewrite
