"""Declaring and parsing options. argparse is imported only when somebody asks for what is made of it."""

from fastest._engine import argparsing as _engine
from fastest._engine import elsewhere as _elsewhere

from _pytest.compat import NOTSET

FILE_OR_DIR = _engine.FILE_OR_DIR
Argument = _engine.Argument
OptionGroup = _engine.OptionGroup
OverrideIniAction = _engine.OverrideIniAction
Parser = _engine.Parser
get_ini_default_for_type = _engine.get_ini_default_for_type
_INI_TYPES = _engine._INI_TYPES
_IniLiteral = _engine._IniLiteral
_get_argparse_dest = _engine._get_argparse_dest
_ini_type_repr = _engine._ini_type_repr
_ini_type_to_member = _engine._ini_type_to_member
_ini_type_to_tag = _engine._ini_type_to_tag

_OF_ARGPARSE = "argparse DropShorterLongHelpFormatter PytestArgumentParser _split_help_text"
__dir__ = _elsewhere.names(__name__, _OF_ARGPARSE)


def __getattr__(name):
    if name == "argparse":
        import argparse

        return argparse
    if name in _OF_ARGPARSE.split():
        from fastest._engine import argparse_classes

        value = getattr(argparse_classes, name)
        return globals().setdefault(name, value)
    return _elsewhere.find(__name__, name, _OF_ARGPARSE)
