"""Paths: import modes, scanning, removal, numbered directories."""

from errno import EBADF
from errno import ELOOP
from errno import ENOENT
from errno import ENOTDIR
from os.path import sep
from pathlib import Path
from pathlib import PurePath
from posixpath import sep as posix_sep

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pathlib as _pathlib

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

_IGNORED_ERRORS = (ENOENT, ENOTDIR, EBADF, ELOOP)
_IGNORED_WINERRORS = (21, 1921)  # not ready, link can't be resolved

LOCK_TIMEOUT = _pathlib.LOCK_TIMEOUT

ImportMode = _pathlib.ImportMode
ImportPathMismatchError = _pathlib.ImportPathMismatchError
CouldNotResolvePathError = _pathlib.CouldNotResolvePathError

import_path = _pathlib.import_path
_import_module_using_spec = _pathlib._import_module_using_spec
spec_matches_module_path = _pathlib.spec_matches_module_path
_is_same = _pathlib._is_same
module_name_from_path = _pathlib.module_name_from_path
insert_missing_modules = _pathlib.insert_missing_modules
resolve_package_path = _pathlib.resolve_package_path
resolve_pkg_root_and_module_name = _pathlib.resolve_pkg_root_and_module_name
is_importable = _pathlib.is_importable
compute_module_name = _pathlib.compute_module_name

scandir = _pathlib.scandir
visit = _pathlib.visit
_ignore_error = _pathlib._ignore_error

absolutepath = _pathlib.absolutepath
commonpath = _pathlib.commonpath
bestrelpath = _pathlib.bestrelpath
safe_exists = _pathlib.safe_exists
samefile_nofollow = _pathlib.samefile_nofollow
resolve_from_str = _pathlib.resolve_from_str
fnmatch_ex = _pathlib.fnmatch_ex
parts = _pathlib.parts
symlink_or_skip = _pathlib.symlink_or_skip
ensure_extended_length_path = _pathlib.ensure_extended_length_path
get_extended_length_path_str = _pathlib.get_extended_length_path_str

on_rm_rf_error = _pathlib.on_rm_rf_error
_chmod_rwx = _pathlib._chmod_rwx
rm_rf = _pathlib.rm_rf

get_lock_path = _pathlib.get_lock_path
find_prefixed = _pathlib.find_prefixed
extract_suffixes = _pathlib.extract_suffixes
find_suffixes = _pathlib.find_suffixes
parse_num = _pathlib.parse_num
_force_symlink = _pathlib._force_symlink
make_numbered_dir = _pathlib.make_numbered_dir
create_cleanup_lock = _pathlib.create_cleanup_lock
register_cleanup_lock_removal = _pathlib.register_cleanup_lock_removal
maybe_delete_a_numbered_dir = _pathlib.maybe_delete_a_numbered_dir
ensure_deletable = _pathlib.ensure_deletable
try_cleanup = _pathlib.try_cleanup
cleanup_candidates = _pathlib.cleanup_candidates
cleanup_dead_symlinks = _pathlib.cleanup_dead_symlinks
cleanup_numbered_dir = _pathlib.cleanup_numbered_dir
make_numbered_dir_with_cleanup = _pathlib.make_numbered_dir_with_cleanup
