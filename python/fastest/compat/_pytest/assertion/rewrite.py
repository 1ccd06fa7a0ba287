"""Assertion rewriting: the import hook and what rewritten asserts call."""

from _pytest._io.saferepr import DEFAULT_REPR_MAX_SIZE, saferepr, saferepr_unlimited
from _pytest._version import version
from _pytest.assertion import util
from _pytest.assertion.util import format_explanation as _format_explanation
from _pytest.pathlib import absolutepath, fnmatch_ex
from fastest._engine import assertion_rewrite as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

AssertionRewriter = _room.AssertionRewriter
AssertionRewritingHook = _room.AssertionRewritingHook
PYC_EXT = _room.PYC_EXT
PYC_TAIL = _room.PYC_TAIL
PYTEST_TAG = _room.PYTEST_TAG
assertstate_key = _room.assertstate_key
get_cache_dir = _room.get_cache_dir
rewrite_asserts = _room.rewrite_asserts
traverse_node = _room.traverse_node

_call_assertion_pass = _room._call_assertion_pass
_call_reprcompare = _room._call_reprcompare
_check_if_assertion_pass_impl = _room._check_if_assertion_pass_impl
_fix_code_filename = _room._fix_code_filename
_format_assertmsg = _room._format_assertmsg
_format_boolop = _room._format_boolop
_get_assertion_exprs = _room._get_assertion_exprs
_get_maxsize_for_saferepr = _room._get_maxsize_for_saferepr
_imp_fix_co_filename = _room._imp_fix_co_filename
_read_pyc = _room._read_pyc
_replace_code_filenames = _room._replace_code_filenames
_rewrite_test = _room._rewrite_test
_saferepr = _room._saferepr
_should_repr_global_name = _room._should_repr_global_name
_walrus_targets = _room._walrus_targets
_write_pyc_fp = _room._write_pyc_fp


# Tools that forbid code to block allow these frames to write.
def try_makedirs(cache_dir):
    """Make a cache folder. False when there can be none."""
    return _room.try_makedirs(cache_dir)


def _write_pyc(state, co, source_hash, pyc):
    return _room._write_pyc(state, co, source_hash, pyc)


# Tools that measure code find here what runs rewritten modules, and give it another body. The engine does without it otherwise.
def _run(code, namespace):
    exec(code, namespace)


# Called by rewritten modules.
_fail = _room._fail
_fail_as = _room._fail_as
_explain_parts = _room._explain_parts
_explain_whole = _room._explain_whole
_report_pass = _room._report_pass
