"""Blocks of test modules: fixtures, tests, classes."""

from __future__ import annotations

import random
import textwrap

BUILTIN_FIXTURES = (
    "request",
    "tmp_path",
    "capsys",
    "monkeypatch",
    "caplog",
    "recwarn",
    "record_property",
    "pytestconfig",
    "cache",
    "subtests",
    "capfd",
    "tmp_path_factory",
)
SCOPES = ("function", "function", "function", "class", "module", "package", "session")

VALUES = (
    "[1, 2]",
    "['a', 'b', 'c']",
    "[None]",
    "[1.5, True, 'x y']",
    "[(1, 2), (3, 4)]",
    "[b'\\xff', 'é', '']",
    "[]",
    "[object, int]",
    "range(3)",
    "[pytest.param(1, id='one'), pytest.param(2, marks=pytest.mark.skip(reason='param'))]",
    "[pytest.param(3, marks=pytest.mark.xfail), 4]",
    "['x', 'x']",
    "[{'k': 1}, {1}]",
    "[1, 1, 1]",
    "[lambda: 1]",
    "['a::b', 'a/b', '[c]']",
    "[pytest.HIDDEN_PARAM]",
    "[pytest.param(7, id=pytest.HIDDEN_PARAM), 8]",
)
IDS = ("", "", "", "", ", ids=['i', 'j', 'k']", ", ids=str", ", ids=lambda v: f'<{v}>'", ", ids=['same', 'same']", ", ids=lambda v: None")

MARKS = (
    "pytest.mark.skip",
    "pytest.mark.skip(reason='no way')",
    "pytest.mark.skipif(True, reason='true')",
    "pytest.mark.skipif(False, reason='false')",
    "pytest.mark.skipif('undefined_name', reason='x')",
    "pytest.mark.skipif(1)",
    "pytest.mark.xfail",
    "pytest.mark.xfail(strict=True)",
    "pytest.mark.xfail(reason='known', raises=ValueError)",
    "pytest.mark.xfail(run=False)",
    "pytest.mark.xfail('1 == 1', reason='text')",
    "pytest.mark.slow",
    "pytest.mark.slow",
    "pytest.mark.fast(1, key='v')",
    "pytest.mark.unknown_mark",
    "pytest.mark.usefixtures('f0')",
    "pytest.mark.usefixtures()",
    "pytest.mark.filterwarnings('error')",
    "pytest.mark.filterwarnings('ignore:.*old.*')",
    "pytest.mark.usefixtures('f1', 'f2')",
    "pytest.mark.skip('positional')",
    "pytest.mark.skip(foo=1)",
)

STATEMENTS = (
    "pass",
    "pass",
    "pass",
    "pass",
    "print('out')",
    "print('line one\\nline two')",
    "import sys; print('err', file=sys.stderr)",
    "assert True",
    "assert 1 + 1 == 2",
    "assert 1 == 2",
    "assert [1, 2, 3] == [1, 2, 4], 'message'",
    "assert {'a': 1, 'b': 2} == {'a': 1, 'b': 3}",
    "assert 'abc' in 'xyz'",
    "assert not [1]",
    "x = 'some text'; assert x == 'some test'",
    "raise ValueError('bad')",
    "raise KeyError('missing') from OSError('cause')",
    "pytest.skip('in body')",
    "pytest.xfail('in body')",
    "pytest.fail('in body')",
    "pytest.fail('no trace', pytrace=False)",
    "pytest.importorskip('no_such_module_at_all')",
    "import logging; logging.warning('logged %s', 1)",
    "import logging; logging.getLogger('named').error('an error')",
    "import warnings; warnings.warn('old thing', DeprecationWarning)",
    "import warnings; warnings.warn('user')",
    "with pytest.raises(ValueError): int('x')",
    "with pytest.raises(ValueError, match='nothing'): int('x')",
    "with pytest.raises(ZeroDivisionError): pass",
    "with pytest.warns(UserWarning): pass",
    "with pytest.warns(): __import__('warnings').warn('w')",
    "assert 0.3 == pytest.approx(0.1 + 0.2)",
    "assert 1 == pytest.approx(2)",
    "assert [1.0, 2.0] == pytest.approx([1.0, 2.5])",
    "return 1",
    "def inner():\n    assert 0\ninner()",
    "def hidden():\n    __tracebackhide__ = True\n    raise OSError(3, 'x')\nhidden()",
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise TypeError('second')",
    "raise ExceptionGroup('several', [ValueError(1), KeyError('k')])",
    "assert all(v < 2 for v in [1, 2, 3])",
    "e = ValueError('noted')\nif hasattr(e, 'add_note'): e.add_note('a note')\nraise e",
    "exec('raise IndexError')",
    "raise AssertionError",
    "assert (1, 2) == (1, 3), (4, 5)",
    "value = [n for n in range(40)]\nassert value == list(range(39)) + [0]",
    "assert 'one\\ntwo\\nthree' == 'one\\n2\\nthree'",
    "class A: pass\nassert isinstance(A, int)",
    "raise SystemExit(3)",
    "unittest = __import__('unittest'); raise unittest.SkipTest('by unittest')",
    "yield",
    "assert None is not None",
    "print('é ü 漢字')",
    "a = b = 1\nassert a < b < 3",
)
FIXTURE_STATEMENTS = {
    "subtests": (
        "with subtests.test(n=1): assert 1\nwith subtests.test('named', n=2): assert 0",
        "with subtests.test(): pytest.skip('sub')",
        "with subtests.test(n=3): print('in sub')",
    ),
    "capsys": ("print('seen')\nassert capsys.readouterr().out == 'seen\\n'", "with capsys.disabled(): print('shown')"),
    "capfd": ("import os; os.write(1, b'fd')\nassert capfd.readouterr().out == 'fd'",),
    "caplog": ("caplog.set_level('INFO')\n__import__('logging').info('kept')\nassert caplog.messages == ['kept']", "assert caplog.records == [1]"),
    "monkeypatch": (
        "monkeypatch.setenv('FOO', 'bar')",
        "monkeypatch.setattr('os.getcwd', lambda: '/x')",
        "monkeypatch.delattr('os.no_such_name')",
        "monkeypatch.syspath_prepend('x')",
    ),
    "tmp_path": ("(tmp_path / 'f').write_text('x')", "print(tmp_path.name)", "assert tmp_path.name == 'other'"),
    "tmp_path_factory": ("print(tmp_path_factory.mktemp('made').name)", "print(tmp_path_factory.mktemp('a', numbered=False).name)"),
    "recwarn": ("__import__('warnings').warn('w')\nassert len(recwarn) == 1", "assert recwarn.pop(UserWarning)"),
    "record_property": ("record_property('key', 'value')",),
    "pytestconfig": ("print(pytestconfig.getoption('verbose'))", "print(pytestconfig.getini('xfail_strict'))", "pytestconfig.getini('nonsense')"),
    "cache": ("cache.set('a/b', [1])\nassert cache.get('a/b', None) == [1]",),
    "request": (
        "print(request.node.name, request.scope)",
        "print(request.fixturenames)",
        "request.getfixturevalue('f3')",
        "request.getfixturevalue('nowhere')",
        "request.addfinalizer(lambda: print('finalized'))",
        "print(request.node.nodeid)",
        "print(sorted(m.name for m in request.node.iter_markers()))",
        "request.node.add_marker('slow')",
        "request.applymarker(pytest.mark.xfail)",
        "print(request.config.rootpath.name)",
        "print(request.node.get_closest_marker('fast'))",
        "print(request.keywords.get('slow') is not None)",
        "request.raiseerror('by request')",
        "print(type(request.instance).__name__, request.cls)",
    ),
}


class Names:
    """Names that blocks share, so that they meet by chance."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.fixtures = [f"f{i}" for i in range(6)]
        self.tests = [f"test_{word}" for word in ("alpha", "beta", "gamma", "delta", "eps", "zeta", "eta", "theta")]
        self.classes = ["TestA", "TestB", "TestC", "Other", "Test_d"]
        self.parameters = ["p", "q", "r"]

    def requested(self, most: int) -> list[str]:
        count = self.draw.choice((0, 0, 1, 1, 2, most))
        pool = [*self.fixtures, *self.draw.sample(BUILTIN_FIXTURES, 5)]
        chosen = self.draw.sample(pool, min(count, len(pool)))
        if self.draw.random() < 0.02:
            chosen.append("no_such_fixture")
        return chosen


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def body(draw: random.Random, arguments: list[str], *, yields: bool = True) -> str:
    """One to three statements; what an argument offers is used often."""
    lines = []
    for name in arguments:
        if name in FIXTURE_STATEMENTS and draw.random() < 0.7:
            lines.append(draw.choice(FIXTURE_STATEMENTS[name]))
        elif draw.random() < 0.2:
            lines.append(f"print({name!r})")
    if not lines or draw.random() < 0.5:
        lines += [draw.choice(STATEMENTS if draw.random() < 0.5 else STATEMENTS[:9]) for _ in range(draw.choice((1, 1, 2)))]
    if not yields:
        lines = [line for line in lines if line != "yield"] or ["pass"]
    return "\n".join(lines)


def parametrize(draw: random.Random, names: Names) -> tuple[str, list[str]]:
    """A decorator's text, and the arguments it gives."""
    how = draw.random()
    if how < 0.6:
        name = draw.choice(names.parameters)
        return f"@pytest.mark.parametrize({name!r}, {draw.choice(VALUES)}{draw.choice(IDS)})", [name]
    if how < 0.8:
        pair, last = draw.choice(("'p,q'", "('p', 'q')")), draw.choice(("", "", ", (3,)", ", pytest.param(5, 6, id='x')"))
        return f"@pytest.mark.parametrize({pair}, [(1, 2), ('a', 'b'){last}])", ["p", "q"]
    name = draw.choice(names.fixtures)
    indirect, scope = draw.choice(("True", "False", f"[{name!r}]")), draw.choice(("", "", ", scope='module'"))
    return f"@pytest.mark.parametrize({name!r}, [10, 20], indirect={indirect}{scope})", [name]


def fixture_block(draw: random.Random, names: Names, owner: str) -> str:
    name = draw.choice(names.fixtures)
    scope = draw.choice(SCOPES)
    options = [f"scope={scope!r}"] if scope != "function" else []
    if draw.random() < 0.2:
        options.append("autouse=True")
    has_parameters = draw.random() < 0.2
    if has_parameters:
        options.append(f"params={draw.choice(VALUES[:8])}" + draw.choice(IDS[:7]))
    function = name
    if draw.random() < 0.1:
        function = f"make_{name}"
        options.append(f"name={name!r}")
    pool = [*names.fixtures, "request", "tmp_path" if scope == "function" else "tmp_path_factory"]
    arguments = draw.sample(pool, draw.choice((0, 0, 0, 1, 1, 2)))
    if draw.random() > 0.15:
        arguments = [a for a in arguments if a > name or not a.startswith("f")]  # few of the cycles and overrides
    if has_parameters and "request" not in arguments:
        arguments.append("request")
    lines = [f"print('set up {name}')"] if draw.random() < 0.4 else []
    if "request" in arguments and draw.random() < 0.3:
        lines.append(draw.choice(FIXTURE_STATEMENTS["request"]))
    if draw.random() < 0.05:
        lines.append(
            draw.choice(
                (
                    "raise ValueError('in set-up')",
                    "assert 1 == 2",
                    "pytest.skip('in set-up')",
                    "pytest.xfail('in set-up')",
                    "pytest.fail('in set-up')",
                    "raise KeyboardInterrupt",
                )
            )
        )
    given = draw.choice(("1", "'text'", "[1, 2]", "None", "object"))
    if has_parameters and draw.random() < 0.8:
        given = "request.param"
    if draw.random() < 0.4:
        lines.append(f"yield {given}")
        lines.append(
            draw.choice(
                (f"print('tear down {name}')", "pass", f"print('tear down {name}')", "raise RuntimeError('in tear-down')" if draw.random() < 0.2 else "pass")
            )
        )
        if draw.random() < 0.02:
            lines.append("yield 2")
    else:
        lines.append(f"return {given}")
    parameters = ", ".join((["self"] if owner else []) + arguments)
    decorator = f"@pytest.fixture({', '.join(options)})" if options or draw.random() < 0.3 else "@pytest.fixture"
    return f"{decorator}\ndef {function}({parameters}):\n{indented(chr(10).join(lines))}\n"


def test_block(draw: random.Random, names: Names, owner: str, *, in_class: bool) -> str:
    decorators, arguments = [], []
    if draw.random() < 0.25:
        for _ in range(draw.choice((1, 1, 1, 2))):
            decorator, given = parametrize(draw, names)
            decorators.append(decorator)
            arguments += [a for a in given if a not in arguments]
        if draw.random() < 0.04 and arguments:
            arguments.pop()
    for _ in range(draw.choice((0, 0, 0, 1, 1, 2))):
        decorators.append("@" + draw.choice(MARKS))
    arguments += [a for a in names.requested(3) if a not in arguments]
    draw.shuffle(decorators)
    name = draw.choice(names.tests) if draw.random() < 0.9 else draw.choice(("testing", "tests_plain", "test", "check_this", "testCamel"))
    text = body(draw, arguments)
    kind = "async def" if draw.random() < 0.02 else "def"
    doc = '"""A docstring.\n\n>>> 2 * 2\n4\n"""\n' if draw.random() < 0.05 else ""
    extra = draw.choice(("", "", "", "", ", default=1", ", *rest", ", **rest")) if draw.random() < 0.1 else ""
    first = ["self"] if in_class else []
    if in_class and draw.random() < 0.04:
        decorators.insert(0, draw.choice(("@staticmethod", "@classmethod")))
        first = ["cls"] if decorators[0] == "@classmethod" else []
    parameters = ", ".join(first + arguments) + extra
    head = "\n".join(decorators) + ("\n" if decorators else "")
    return f"{head}{kind} {name}({parameters.lstrip(', ')}):\n{indented(doc + text)}\n"


XUNIT = {
    "module": (
        "def setup_module(module):\n    print('setup_module')\n",
        "def teardown_module():\n    print('teardown_module')\n",
        "def setup_function(function):\n    print('setup_function', function.__name__)\n",
        "def teardown_function():\n    print('teardown_function')\n",
        "def setup_module():\n    raise OSError('setup_module')\n",
        "def pytest_generate_tests(metafunc):\n    if 'r' in metafunc.fixturenames:\n        metafunc.parametrize('r', [8, 9])\n",
    ),
    "class": (
        "@classmethod\ndef setup_class(cls):\n    print('setup_class', cls.__name__)\n",
        "@classmethod\ndef teardown_class(cls):\n    print('teardown_class')\n",
        "def setup_method(self, method):\n    print('setup_method')\n",
        "def teardown_method(self):\n    print('teardown_method')\n",
        "def teardown_method(self):\n    assert 0\n",
    ),
    "unittest": (
        "def setUp(self):\n    print('setUp')\n",
        "def tearDown(self):\n    print('tearDown')\n",
        "@classmethod\ndef setUpClass(cls):\n    print('setUpClass')\n",
        "def setUp(self):\n    self.addCleanup(print, 'cleaned')\n",
        "def setUp(self):\n    self.skipTest('by setUp')\n",
        "@classmethod\ndef tearDownClass(cls):\n    raise ValueError('tearDownClass')\n",
        "@pytest.fixture(autouse=True)\ndef auto(self, tmp_path):\n    self.path = tmp_path\n",
    ),
}


def module_setup_block(draw: random.Random) -> str:
    return draw.choice(XUNIT["module"])


def class_block(draw: random.Random, names: Names, owner: str) -> str:
    parts = []
    if draw.random() < 0.03:
        parts.append("def __init__(self):\n    self.x = 1\n")
    if draw.random() < 0.2:
        parts.append(draw.choice(("pytestmark = pytest.mark.slow\n", "attribute = 1\n", "__test__ = False\n", '"""Class doc."""\n')))
    if draw.random() < 0.25:
        parts += draw.sample(XUNIT["class"], draw.choice((1, 2)))
    parts += [fixture_block(draw, names, "class") for _ in range(draw.choice((0, 0, 1, 2)))]
    parts += [test_block(draw, names, "class", in_class=True) for _ in range(draw.randrange(0, 4))]
    if not owner and draw.random() < 0.15:
        parts.append(class_block(draw, names, "class"))
    decorators = "".join(f"@{draw.choice(MARKS[6:])}\n" for _ in range(draw.choice((0, 0, 0, 1))))
    if draw.random() < 0.08:
        decorator, _ = parametrize(draw, names)
        decorators += decorator + "\n"
    base = draw.choice(("", "", "", "(object)"))
    return f"{decorators}class {draw.choice(names.classes)}{base}:\n{indented(chr(10).join(parts) or 'pass')}\n"


UNITTEST_BODIES = (
    "pass",
    "self.assertEqual(1, 2)",
    "self.assertTrue(True)",
    "self.skipTest('inside')",
    "self.fail('by fail')",
    "with self.subTest(i=1):\n    self.assertEqual(1, 2)\nwith self.subTest(i=2):\n    pass",
    "raise ValueError('x')",
    "print('printed')",
    "assert self is None",
    "with self.assertRaises(KeyError):\n    {}['x']",
    "pytest.skip('by pytest')",
    "self.assertDictEqual({'a': 1}, {'a': 2})",
    "self.addCleanup(lambda: 1 / 0)",
)
UNITTEST_MARKS = (
    "@unittest.skip('why')",
    "@unittest.expectedFailure",
    "@unittest.skipIf(True, 'if')",
    "@pytest.mark.skip",
    "@pytest.mark.xfail",
    "@pytest.mark.slow",
    "@pytest.mark.parametrize('p', [1])",
)


def unittest_block(draw: random.Random, names: Names) -> str:
    parts = draw.sample(XUNIT["unittest"], draw.choice((0, 0, 1, 2)))
    for _ in range(draw.randrange(1, 4)):
        mark = draw.choice(UNITTEST_MARKS) + "\n" if draw.random() < 0.25 else ""
        kind = "async def" if draw.random() < 0.05 else "def"
        parts.append(f"{mark}{kind} {draw.choice(names.tests)}(self):\n{indented(draw.choice(UNITTEST_BODIES))}\n")
    base = "unittest.IsolatedAsyncioTestCase" if draw.random() < 0.1 else "unittest.TestCase"
    mark = draw.choice(("@unittest.skip('class')\n", "@pytest.mark.usefixtures('f0')\n", "@pytest.mark.slow\n")) if draw.random() < 0.15 else ""
    return f"import unittest\n\n\n{mark}class {draw.choice(('Case', 'TestCaseOne', 'Legacy'))}({base}):\n{indented(chr(10).join(parts))}\n"
