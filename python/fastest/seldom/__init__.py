"""Names of pytest's modules that runs do not use: what annotations need, constants and functions of pytest's own code.

A facade module makes one when somebody asks for it. `src/engine/settings/elsewhere.cpp` knows which module has which.
"""

from importlib import import_module

CODE = {
    "pytest": {"__pytestPDB": "use('_pytest.debugging').pytestPDB"},
    "_pytest._argcomplete": {"glob": "use('glob').glob"},
    "_pytest._code.code": {
        "E": "TypeVar('E', bound=BaseException, covariant=True)",
        "EXCEPTION_OR_MORE": "type[BaseException] | tuple[type[BaseException], ...]",
        "TracebackFilter": "bool | Callable[[ExceptionInfo[BaseException]], Traceback]",
        "TracebackStyle": "Literal['long', 'short', 'line', 'no', 'native', 'value', 'auto']",
        "_PLUGGY_DIR": "Path(use('pluggy').__file__).parent",
        "_PYTEST_DIR": "Path(use('_pytest').__file__).parent",
    },
    "_pytest._io": {"pprint": "use('_pytest._io.pprint')"},
    "_pytest._io.pprint": {
        "_builtin_scalars": "frozenset({str, bytes, bytearray, float, complex, bool, int, type(None)})",
        "_collections": "use('collections')",
        "_dataclasses": "use('dataclasses')",
        "_types": "use('types')",
    },
    "_pytest._io.terminalwriter": {
        "DiffLexer": "use('pygments.lexers.diff').DiffLexer",
        "Lexer": "use('pygments.lexer').Lexer",
        "PythonLexer": "use('pygments.lexers.python').PythonLexer",
        "TerminalFormatter": "use('pygments.formatters.terminal').TerminalFormatter",
    },
    "_pytest._py.error": {
        "R": "TypeVar('R')",
        "_winerrnomap": "{2: 2, 3: 2, 17: 17, 18: 18, 13: 16, 22: 20, 20: 20, 267: 20, 5: 13}",
    },
    "_pytest.approx": {
        "ExpectedT": "TypeVar('ExpectedT', covariant=True)",
        "T": "TypeVar('T')",
        "datetime": "use('datetime').datetime",
        "ndarray": "object",
    },
    "_pytest.assertion._compare_set": {
        "AbstractSet": "use('collections.abc').Set",
        "SetComparisonFunction": "Callable[[AbstractSet[object], AbstractSet[object], _HighlightFunc, int], Iterator[str]]",
    },
    "_pytest.assertion._guards": {"AbstractSet": "use('collections.abc').Set"},
    "_pytest.assertion._typing": {"_AssertionTextDiffStyle": "Literal['ndiff', 'block']"},
    "_pytest.assertion.rewrite": {
        "BINOP_MAP": "use('fastest.seldom.operators').binary()",
        "FileReader": "use('importlib.resources.readers').FileReader",
        "UNARY_MAP": "use('fastest.seldom.operators').unary()",
    },
    "_pytest.assertion.util": {"AbstractSet": "use('collections.abc').Set", "normalize": "use('unicodedata').normalize"},
    "_pytest.capture": {"_CaptureMethod": "Literal['fd', 'sys', 'no', 'tee-sys']"},
    "_pytest.compat": {
        "_non_printable_ascii_translate_table": "{code: ascii(chr(code))[1:-1] for code in (*range(32), 127)}",
    },
    "_pytest.config.argparsing": {
        "_BULLET": r"use('re').compile(r'^([-*+]|\(?\d+[.)])\s+')",
        "_IniTypeTag": "Literal['string', 'paths', 'pathlist', 'args', 'linelist', 'bool', 'int', 'float']",
        "IniType": "Union[_IniTypeTag, _IniLiteral, tuple[Union[_IniTypeTag, _IniLiteral], ...]]",
    },
    "_pytest.config.findpaths": {"KW_ONLY": "use('dataclasses').KW_ONLY"},
    "_pytest.fixtures": {
        "AbstractSet": "use('collections.abc').Set",
        "FixtureFunction": "Callable[..., object]",
        "FixtureValue": "TypeVar('FixtureValue', covariant=True)",
        "OrderedSet": "dict[_V, None]",
        "_FixtureCachedResult": "tuple[FixtureValue, object, None] | tuple[None, object, tuple[BaseException, TracebackType | None]]",
        "_FixtureFunc": "Callable[..., FixtureValue] | Callable[..., Generator[FixtureValue]]",
        "_V": "TypeVar('_V')",
    },
    "_pytest.junitxml": {
        "ET": "use('xml.etree.ElementTree')",
        "_JunitDurationReport": "Literal['total', 'call']",
        "_JunitFamily": "Literal['legacy', 'xunit1', 'xunit2']",
        "_JunitLogging": "Literal['no', 'log', 'system-out', 'system-err', 'out-err', 'all']",
    },
    "_pytest.legacypath": {"LEGACY_PATH": "use('_pytest.compat').LEGACY_PATH", "SectionWrapper": "use('iniconfig').SectionWrapper"},
    "_pytest.logging": {
        "AbstractSet": "use('collections.abc').Set",
        "_ANSI_ESCAPE_SEQ": r"use('re').compile(r'\x1b\[[\d;]+m')",
        "_HandlerType": "TypeVar('_HandlerType', bound=use('logging').Handler)",
        "datetime": "use('datetime').datetime",
        "logging_StreamHandler": "use('logging').StreamHandler",
    },
    "_pytest.main": {"AbstractSet": "use('collections.abc').Set"},
    "_pytest.mark": {"AbstractSet": "use('collections.abc').Set"},
    "_pytest.mark.structures": {
        "Markable": "TypeVar('Markable', bound=Callable[..., object] | type)",
        "_EmptyParameterSetMark": "Literal['skip', 'xfail', 'fail_at_collect']",
    },
    "_pytest.monkeypatch": {
        "K": "TypeVar('K')",
        "RE_IMPORT_ERROR_NAME": "use('re').compile(r'^No module named (.*)$')",
        "V": "TypeVar('V')",
    },
    "_pytest.nodes": {"_NodeType": "TypeVar('_NodeType', bound='Node')", "_T": "TypeVar('_T')"},
    "_pytest.pathlib": {"_AnyPurePath": "TypeVar('_AnyPurePath', bound=PurePath)"},
    "_pytest.pytester": {
        "IniConfig": "use('iniconfig').IniConfig",
        "SectionWrapper": "use('iniconfig').SectionWrapper",
        "_FileContent": "tuple[str | bytes, ...] | list[str | bytes] | str | bytes",
        "fnmatch": "use('fnmatch').fnmatch",
        "rex_outcome": r"use('re').compile(r'(\d+) (\w+)')",
        "rex_session_duration": r"use('re').compile(r'\d+\.\d\ds')",
    },
    "_pytest.python": {"LongStrIdStrategy": "Literal['short', 'sha256', 'legacy', 'disallow']"},
    "_pytest.raises": {
        "BaseExcT_1": "TypeVar('BaseExcT_1', bound=BaseException)",
        "BaseExcT_2": "TypeVar('BaseExcT_2', bound=BaseException)",
        "BaseExcT_co": "TypeVar('BaseExcT_co', bound=BaseException, covariant=True)",
        "BaseExcT_co_default": "TypeVar('BaseExcT_co_default', bound=BaseException, covariant=True)",
        "ExcT_1": "TypeVar('ExcT_1', bound=Exception)",
        "ExcT_2": "TypeVar('ExcT_2', bound=Exception)",
    },
    "_pytest.recwarn": {"T": "TypeVar('T')", "pformat": "use('pprint').pformat"},
    "_pytest.reports": {"pprint": "use('pprint').pprint"},
    "_pytest.runner": {"TResult": "TypeVar('TResult', covariant=True)"},
    "_pytest.scope": {"ScopeName": "Literal['session', 'package', 'module', 'class', 'function']"},
    "_pytest.stash": {"D": "TypeVar('D')", "T": "TypeVar('T')"},
    "_pytest.stepwise": {"datetime": "use('datetime').datetime"},
    "_pytest.terminal": {
        "_ConsoleOutputStyle": "Literal['classic', 'progress', 'count', 'times', 'progress-even-when-capture-no']",
    },
    "_pytest.timing": {"datetime": "use('datetime').datetime"},
    "_pytest.tmpdir": {"RetentionType": "Literal['all', 'failed', 'none']", "rmtree": "use('shutil').rmtree"},
    "_pytest.unittest": {
        "TWISTED_RAW_EXCINFO_ATTR": "'_twisted_raw_excinfo'",
        "_SysExcInfoType": "tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]",
    },
    "_pytest.warning_types": {"_W": "TypeVar('_W', bound=PytestWarning)"},
    "pluggy._caller": {
        "AbstractSet": "use('collections.abc').Set",
        "_CallHistory": "list[tuple[Mapping[str, object], Callable[[Any], None] | None]]",
        "_HookExec": "Callable[[str, Sequence[HookImpl], Mapping[str, object], bool], object | list[object]]",
        "_Namespace": "ModuleType | type",
        "_Plugin": "object",
    },
    "pluggy._decorators": {
        "_F": "TypeVar('_F', bound=Callable[..., object])",
        "_NOSELF_WARN_SUPPRESS": "frozenset({'TimeoutHooks.pytest_timeout_set_timer', 'TimeoutHooks.pytest_timeout_cancel_timer'})",
        "_Namespace": "ModuleType | type",
        "_PYPY": "hasattr(use('sys'), 'pypy_version_info')",
    },
    "pluggy._execution": {"Teardown": "Generator[None, object, object]"},
    "pluggy._impl": {
        "_HookImplFunction": "Callable[..., Union[_T, Generator[None, use('pluggy').Result[_T], None]]]",
        "_T": "TypeVar('_T')",
    },
    "pluggy._manager": {
        "_ABSENT": "object()",
        "_AfterTrace": "Callable[[use('pluggy').Result[Any], str, Sequence[HookImpl], Mapping[str, Any]], None]",
        "_BeforeTrace": "Callable[[str, Sequence[HookImpl], Mapping[str, Any]], None]",
        "_Namespace": "ModuleType | type",
        "_Plugin": "object",
    },
    "pluggy._result": {
        "ResultType": "TypeVar('ResultType')",
        "_ExcInfo": "tuple[type[BaseException], BaseException, TracebackType | None]",
    },
    "pluggy._tracing": {
        "_Processor": "Callable[[tuple[str, ...], tuple[Any, ...]], object]",
        "_Writer": "Callable[[str], object]",
    },
}

DEFINED = {  # module -> the module of this package that defines names of it
    "_pytest._code.code": "helpers",
    "_pytest.assertion._typing": "protocols",
    "_pytest.capture": "helpers",
    "_pytest.config.findpaths": "helpers",
    "_pytest.junitxml": "helpers",
    "_pytest.logging": "helpers",
    "_pytest.mark.expression": "protocols",
    "_pytest.unittest": "twisted",
}


class Names(dict):
    """What the code of a name finds: names of its module, of typing and the like."""

    def __init__(self, module):
        super().__init__(use=import_module)
        self.module = module

    def __missing__(self, name):
        for place in ("collections.abc", "types", "typing", "pathlib", self.module):
            known = vars(import_module(place)).get(name)
            if known is not None:
                return known
        if name in vars(import_module("builtins")):
            raise KeyError(name)
        return getattr(import_module(self.module), name)


def make(module, name):
    """The value of a name in a facade module."""
    code = CODE.get(module, {}).get(name)
    if code is not None:
        return eval(code, {"__name__": module}, Names(module))
    value = getattr(import_module(f"fastest.seldom.{DEFINED[module]}"), name)
    value.__module__ = module
    return value
