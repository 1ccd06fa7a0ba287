"""Small functions of pytest's own code."""

import sys


def _remove_ansi_escape_sequences(text):
    """The text without colours."""
    from _pytest.logging import _ANSI_ESCAPE_SEQ

    return _ANSI_ESCAPE_SEQ.sub("", text)


def _byte_offset_to_character_offset(str, offset):
    """The number of characters in that many bytes of a text's UTF-8 form."""
    return len(str.encode()[:offset].decode(errors="replace"))


def _colorama_workaround():
    """Import colorama before output is captured. There is something to do on Windows only."""
    if sys.platform.startswith("win32"):
        try:
            import colorama  # noqa: F401
        except ImportError:
            pass


def _readline_workaround():
    """Import readline before input is captured."""
    try:
        import readline  # noqa: F401
    except ImportError:
        pass


def _windowsconsoleio_workaround(stream):
    """Nothing to do: fastest does not run on Windows' own Python."""


def merge_family(left, right):
    """Add the last attribute names of `right` to all of `left`, in place."""
    for more in right.values():
        merged = {kind: names + more for kind, names in left.items()}
    if right:
        left.update(merged)


def _get_config_loader(filepath):
    """What reads this configuration file, None when nothing does."""
    from _pytest.config import findpaths

    by_name = findpaths.CONFIG_LOADERS_BY_NAME.get(filepath.name)
    return by_name or findpaths.CONFIG_LOADERS_BY_SUFFIX.get(filepath.suffix)


def _parse_ini_config(path):
    """The ini file as iniconfig reads it. A `UsageError` when it is not one."""
    import iniconfig
    import pytest

    try:
        return iniconfig.IniConfig(str(path))
    except iniconfig.ParseError as error:
        raise pytest.UsageError(str(error)) from error


def _parse_toml_file(path):
    """The contents of the toml file. A `UsageError` when it is not one."""
    import pytest

    if sys.version_info < (3, 11):
        import tomli as tomllib
    else:
        import tomllib
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise pytest.UsageError(f"{path}: {error}") from error
