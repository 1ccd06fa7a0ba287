"""--enhanced-errors: what is said, and that nothing is said without it."""

import json
import sys
import textwrap
from random import Random

import pytest


def hints_of(result):
    return [line.removeprefix("H   ") for line in result.outlines if line.startswith("H   ")]


def explanation_of(result):
    """The lines of the only failure's message, behind its first one."""
    lines = [line[10:] for line in result.outlines if line.startswith("E ")]
    return [line for line in lines[1:] if line]


@pytest.fixture
def hints(pytester):
    def run(source, *arguments, **files):
        for name, content in files.items():
            path = pytester.path / (name.replace("___", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content))
        pytester.makepyfile(test_it=source)
        return hints_of(pytester.runpytest("--enhanced-errors", *arguments))

    return run


@pytest.fixture
def explained(pytester):
    def run(setup, left, right, *arguments, operator="=="):
        source = f"{setup}\ndef test_it():\n    left = {left}\n    right = {right}\n    assert left {operator} right\n"
        (pytester.path / "test_it.py").write_text(source)
        return explanation_of(pytester.runpytest("--enhanced-errors", *arguments))

    return run


CONFTEST = """
    import pytest

    @pytest.fixture
    def database(): pass

    @pytest.fixture
    def admin_user(): pass
"""


class TestFixtures:
    @pytest.mark.parametrize(
        "name, expected",
        [
            ("databse", "did you mean 'database'? (conftest.py:4)"),
            ("user_admin", "did you mean 'admin_user'? (conftest.py:7)"),
            ("tmp_paht", "did you mean 'tmp_path'? (pytest's own)"),
            ("mocker", "fixture 'mocker' comes with pytest-mock: is it installed?"),
            ("django_db_setup", "fixture 'django_db_setup' comes with pytest-django: is it installed?"),
            ("self", "'self' is given to methods of classes alone: test_it is a function"),
            ("value", "'value' is a name of the module: leave the parameter out to use it"),
            ("plain", "'plain' is a function without @pytest.fixture (test_it.py:2)"),
            ("inner", "a fixture 'inner' is defined in a class (test_it.py:5): move it out of the class"),
        ],
    )
    def test_not_found(self, hints, name, expected):
        source = f"""
            value = 1
            def plain(): pass
            import pytest
            class TestClass:
                @pytest.fixture
                def inner(self): pass
            def test_it({name}): pass
        """
        assert hints(source, conftest=CONFTEST) == [expected]

    def test_unknown_is_left_alone(self, hints):
        assert hints("def test_it(zzzzzz): pass") == []

    def test_defined_elsewhere(self, pytester, hints):
        files = {"tests___a___conftest": CONFTEST, "tests___a___test_a": "", "tests___b___test_b": "def test_it(database): pass"}
        assert hints("", **files) == [
            "a fixture 'database' is defined at tests/a/conftest.py:4, which tests/b/test_b.py does not see:"
            " move it to tests/conftest.py"
        ]

    def test_defined_in_a_conftest_that_is_not_loaded(self, pytester, hints):
        pytester.makeini("[pytest]")
        files = {"a___conftest": CONFTEST + "\n    def user(): pass\n", "b___test_b": "def test_it(database): pass\ndef test_user(user): pass"}
        assert hints("", "b", **files) == [
            "a fixture 'database' is defined at a/conftest.py:4, which b/test_b.py does not see: move it to conftest.py"
        ]

    def test_in_unittest(self, hints):
        source = """
            import unittest
            class TestIt(unittest.TestCase):
                def test_it(self, tmp_path): pass
        """
        assert hints(source) == [
            "methods of unittest.TestCase take no fixtures: use an autouse fixture that sets an attribute, or @pytest.mark.usefixtures"
        ]

    def test_overridden(self, hints):
        override = """
            import pytest
            @pytest.fixture
            def database(): pass
            @pytest.fixture
            def admin_user(admin_user): pass
        """
        test = "def test_it(database, admin_user): assert 0\ndef test_passes(database): pass"
        assert hints("", conftest=CONFTEST, sub___conftest=override, sub___test_sub=test) == [
            "fixture 'database' is that of sub/conftest.py:3, which overrides conftest.py:4",
            "fixture 'admin_user' is that of sub/conftest.py:5, which extends conftest.py:7",
        ]

    def test_builtin_overridden(self, hints):
        source = """
            import pytest
            @pytest.fixture
            def tmp_path(): pass
            def test_it(tmp_path): assert 0
        """
        assert hints(source) == ["fixture 'tmp_path' is that of test_it.py:2, which overrides pytest's own"]

    def test_called(self, hints):
        source = """
            import pytest
            @pytest.fixture
            def database(): pass
            def test_it(): database()
        """
        assert hints(source) == ["take 'database' as a parameter instead of calling it"]


class TestImports:
    @pytest.mark.parametrize(
        "statement, expected",
        [
            ("from collections import OrderDict", "did you mean 'OrderedDict'?"),
            ("import jsn", "did you mean 'json'?"),
            ("import xml.etre", "did you mean 'xml.etree'?"),
            ("import helprs", "did you mean 'helpers'?"),
            ("from helpers import mak", "did you mean 'make'?"),
            ("from . import helpers", "relative imports need packages: add __init__.py to the folders, or import by the full name"),
            (
                "import shopcart",
                "the project has src/shopcart, but its folder is not on sys.path: set 'pythonpath = src' in the"
                " configuration file, or install the project",
            ),
        ],
    )
    @pytest.mark.parametrize("place", ["module", "test"])
    def test_not_found(self, pytester, hints, place, statement, expected):
        source = statement if place == "module" else f"def test_it():\n    {statement}"
        pytester.makeini("[pytest]")
        assert hints(source, helpers="def make(): pass", src___shopcart="") == [expected]

    def test_known_project(self, hints, monkeypatch):
        monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])
        assert hints("import rest_framework") == [
            "module 'rest_framework' comes with the project djangorestframework: is it installed?"
        ]

    def test_circle(self, hints):
        assert hints("import circle_a", circle_a="import circle_b\nx = 1", circle_b="from circle_a import x") == [
            "circular import: circle_a -> circle_b -> circle_a"
            " (import it inside a function, or move what both need to a third module)"
        ]

    def test_hidden_standard_module(self, hints):
        source = "import colorsys\ndef test_it(): colorsys.rgb_to_hsv(1, 1, 1)"
        sys.modules.pop("colorsys", None)
        assert hints(source, colorsys="") == [
            "'colorsys' is colorsys.py, which hides the module of the standard library: rename it"
        ]


NAMES = """
    import collections, email
    class Paint:
        colour = 1
        def mix(self, colour=1, *, amount=2): pass
        async def dry(self): pass
    class Sly:
        def __dir__(self): raise ValueError
    class Slyer:
        def __dir__(self): import pytest; pytest.fail("no")
    value = 3
    def test_it(request):
        users = {'alice': 1}
        STATEMENT
"""


@pytest.mark.parametrize(
    "statement, expected",
    [
        ("Paint().color", ["did you mean 'colour'?"]),
        ("collections.OrderDict", ["did you mean 'OrderedDict'?"]),
        ("email.mime", ["'email.mime' is a module that nobody has imported: import it by its full name"]),
        ("None.x", ["the object is None: was it never set, or does a function return nothing?"]),
        ("users.alice", ["the dict has a key of that name: ['alice']"]),
        ("from unittest import mock; mock.patch('collections.OrderDict').start()", ["did you mean 'OrderedDict'?"]),
        ("request.getfixturevalue('monkeypatch').setattr(Paint, 'color', 1)", ["did you mean 'colour'?"]),
        ("request.getfixturevalue('monkeypatch').setattr('collections.OrderDict', 1)", ["did you mean 'OrderedDict'?"]),
        ("request.getfixturevalue('tmp_paht')", ["did you mean 'tmp_path'? (pytest's own)"]),
        ("Sly().attribute", []),
        ("Slyer().attribute", []),
        ("valeu", ["did you mean 'value'?"]),
        ("prnt(1)", ["did you mean 'print'?"]),
        ("json.dumps(1)", ["'import json' is missing"]),
        ("tmp_path", ["there is a fixture 'tmp_path' (pytest's own): take it as a parameter of the test"]),
        ("print(value); value = 4", [
            "'value' is assigned to in this function, so all of the function takes it for a local variable: say 'global value' or"
            " use another name"
        ]),
        ("users['alcie']", ["did you mean 'alice'? (in 'users')"]),
        ("users['zzzzz']", []),
        ("Paint().mix(color=1)", ["did you mean 'colour'?"]),
        ("Paint.mix()", ["the method is called on the class: call it on an instance"]),
        ("Paint().dry()['x']", ["a coroutine was never awaited"]),
        ("Paint().dry().x", ["the object is a coroutine: it was never awaited"]),
        ("None[1]", ["a value is None: was it never set, or does a function return nothing?"]),
        ("open('tests_it.py')", ["did you mean 'test_it.py'?"]),
        ("open('nowhere/file')", ["there is no folder nowhere"]),
        ("raise ValueError('x')", []),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_names_and_calls(hints, statement, expected):
    assert hints(NAMES.replace("STATEMENT", statement)) == expected


def test_methods_without_self(hints):
    source = """
        import pytest
        @pytest.fixture
        def database(): pass
        class TestClass:
            def test_none(): pass
            def test_first(database): database.x
            def test_member(self):
                self.total = 1
                total
    """
    assert hints(source) == [
        "a method of a class wants 'self' as its first parameter",
        "the parameter 'database' of this method gets the instance, not the fixture: 'self' is missing",
        "did you mean 'self.total'?",
    ]


def test_what_ends_a_collection(hints):
    source = """
        import pytest
        @pytest.mark.parametrize("vlaue", [1])
        def test_it(value): pass
    """
    assert hints(source) == ["did you mean 'value'?"]


def test_markers(pytester, hints):
    pytester.makeini("[pytest]\nmarkers = slow: takes long")
    assert hints("import pytest\n@pytest.mark.slwo\ndef test_it(): pass", "--strict-markers") == ["did you mean 'slow'?"]


def test_file_beside_the_test(pytester, hints):
    pytester.mkdir("sub").joinpath("data.csv").write_text("")
    assert hints("", sub___test_sub="def test_it(): open('data.csv')") == [
        "'data.csv' is beside the test file, and the current folder is another: use Path(__file__).parent"
    ]


def test_causes(hints):
    source = """
        def test_it():
            try:
                [].apend
            except AttributeError as error:
                raise ValueError("x") from error
    """
    assert hints(source) == ["did you mean 'append'?"]


@pytest.mark.skipif("sys.version_info < (3, 11)")
def test_groups(hints):
    source = """
        def test_it():
            errors = []
            for name in "prnt", "lenn":
                try:
                    eval(name)
                except NameError as error:
                    errors.append(error)
            raise ExceptionGroup("x", errors)
    """
    assert hints(source) == ["did you mean 'print'?", "did you mean 'len'?"]


CLASSES = "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\n    tags: list\n"


class TestPaths:
    @pytest.mark.parametrize(
        "left, right, expected",
        [
            (
                "{'a': [1, 2, {'x': P(1, ['a'])}], 'k': 5}",
                "{'a': [1, 2, {'x': P(2, ['a', 'b'])}], 'j': 6}",
                [
                    "4 of 7 paths differ:",
                    "['a'][2]['x'].x: 1 != 2",
                    "['a'][2]['x'].tags[1]: only right: 'b'",
                    "['k']: only left: 5",
                    "['j']: only right: 6",
                ],
            ),
            ("list(range(100))", "[-1] + list(range(100))", ["1 of 101 paths differs:", "[0]: only right: -1"]),
            ("{'s': {1, 2, 3}, 't': {}}", "{'s': {2, 3, 4}, 't': {}}",
             ["2 of 4 paths differ:", "['s']: only left: 1", "['s']: only right: 4"]),
            ("[['x' * 100 + 'abc']]", "[['x' * 100 + 'abd']]",
             ["1 of 1 path differs:", "[0][0][92:]: 'xxxxxxxxabc' != 'xxxxxxxxabd'"]),
            ("[[1], (2,)]", "[[1], [2]]", [
                "1 of 2 paths differs:", "[1]: (2,) != [2]", "hint: [1]: left is a tuple and right a list of the same items"]),
            ("[1, 2]", "[1, 3]", ["At index 1 diff: 2 != 3", "Use -v to get more diff"]),
        ],
    )
    def test_lines(self, explained, left, right, expected):
        assert explained(CLASSES, left, right) == expected

    def test_truncated_with_hint(self, explained):
        lines = explained("", "[{'id': i} for i in range(30)]", "[{'id': str(i)} for i in range(30)]")
        assert lines == [
            "30 of 30 paths differ:",
            *[f"[{i}]['id']: {i} != '{i}'" for i in range(3)],
            "[3]['id']: 3 != '3'...",
            "...Full output truncated, use '-vv' to show",
            "hint: [0]['id']: left is an int and right a str with the same text",
        ]

    def test_all_with_vv(self, explained):
        lines = explained("", "[{'id': i} for i in range(2000)]", "[{'id': i + 1} for i in range(2000)]", "-vv")
        assert len(lines) == 1002
        assert lines[0] == "2000 of 2000 paths differ:"
        assert lines[-1] == "... and 1000 more"

    def test_bounded(self, explained):
        lines = explained("def deep(n):\n    x = []\n    for _ in range(n): x = [x, x]\n    return [x, n]", "deep(18)", "deep(17)")
        assert lines[0].endswith(" differs:") or lines[0].endswith(" differ:")
        lines = explained("", "[[i] for i in range(300_000)]", "[[-i] for i in range(300_000)]")
        assert lines[0] == "99999 of the first 100000 paths differ:"

    def test_recursive(self, explained):
        setup = "def loop(x):\n    a = [x]\n    a.append(a)\n    return {'a': a, 'b': x}"
        lines = explained(setup, "loop(1)", "loop(2)")
        assert lines == ["2 of 2 paths differ:", "['a'][0]: 1 != 2", "['b']: 1 != 2"]

    def test_failing_methods(self, explained):
        setup = """
class Bad:
    def __init__(self): self.calls = 0
    def __eq__(self, other):
        self.calls += 1
        if self.calls > 1: raise ValueError("eq")
        return False
    __hash__ = None
    def __repr__(self): raise ValueError("repr")
"""
        lines = explained(setup, "{'a': [Bad()], 'b': 1}", "{'a': [Bad()], 'b': 2}")
        assert lines == ["2 of 2 paths differ:", "['a'][0]: cannot be compared: ValueError('eq')", "['b']: 1 != 2"]

    def test_paths_are_those_of_a_plain_walk(self, pytester):
        random = Random(9)

        def value(depth):
            kind = random.randrange(5) if depth else 4
            if kind < 2:
                return {key: value(depth - 1) for key in random.sample("abcde", random.randrange(4))}
            return [value(depth - 1) for _ in range(3)] if kind < 4 else random.randrange(3)

        def walk(path, left, right):
            if type(left) is not type(right) or isinstance(left, int):
                return [f"{path}: {left!r} != {right!r}"] if left != right else []
            if isinstance(left, list):
                return [line for i in range(3) for line in walk(f"{path}[{i}]", left[i], right[i])]
            lines = []
            for key, one in left.items():
                here = f"{path}[{key!r}]"
                lines += walk(here, one, right[key]) if key in right else [f"{here}: only left: {one!r}"]
            return lines + [f"{path}[{key!r}]: only right: {one!r}" for key, one in right.items() if key not in left]

        def changed(old, depth):
            if random.random() < 0.2:
                return value(depth)
            if isinstance(old, dict):
                return {key: changed(one, depth - 1) for key, one in old.items() if random.random() < 0.9}
            return [changed(one, depth - 1) for one in old] if isinstance(old, list) else old

        lefts = [[value(3), {"a": value(2)}, 0] for _ in range(60)]
        pairs = [(left, [changed(one, 3) for one in left]) for left in lefts]
        lines = [f"def test_{i}():\n    assert {left!r} == {right!r}" for i, (left, right) in enumerate(pairs)]
        pytester.makepyfile("\n".join(lines))
        result = pytester.runpytest("--enhanced-errors", "-vv")
        shown = [line[10:] for line in result.outlines if line.startswith("E         ") and ("]: " in line)]
        expected = [line for left, right in pairs for line in walk("", left, right)]
        assert [line for line in shown if not line.startswith("hint: ")] == expected

    def test_own_equality_is_a_value(self, explained):
        setup = """
import dataclasses
@dataclasses.dataclass
class Any:
    x: list
    def __eq__(self, other): return True
"""
        lines = explained(setup, "[Any([1]), [2]]", "[Any([3]), [4]]")
        assert lines == ["1 of 2 paths differs:", "[1][0]: 2 != 4"]


MISTAKES = """
import datetime, enum
class Colour(enum.Enum):
    RED = 'red'
def function(): pass
class Class: pass
async def coroutine(): pass
"""


@pytest.mark.parametrize(
    "left, right, expected",
    [
        ("1", "'1'", "left is an int and right a str with the same text"),
        ("'1.5'", "1.5", "right is a float and left a str with the same text"),
        ("b'a'", "'a'", "left is bytes and right a str with the same text: decode or encode one"),
        ("[1, 2]", "(1, 2)", "left is a list and right a tuple of the same items"),
        ("{1, 2}", "[2, 1]", "left is a set and right a list of the same items"),
        ("(i for i in [1])", "[1]", "left is a generator, which equals no list: compare list(...) of it"),
        ("[2, 1]", "[1, 2]", "left and right have the same items in another order"),
        ("0.1 + 0.2", "0.3", "left and right are nearly equal floats: compare with pytest.approx"),
        ("float('nan')", "float('nan')", "left is nan, which equals nothing, not even itself: use math.isnan"),
        ("'a '", "'a'", "left and right differ in white space at the beginning or end only"),
        ("'a  b'", "'a b'", "left and right differ in white space only"),
        ("'A'", "'a'", "left and right differ in upper and lower case only"),
        (r"'a\r\nb'", r"'a\nb'", "left and right differ in the ends of their lines only"),
        (r"'u\u0308'", r"'\xfc'", "left and right are the same text, composed of other characters: unicodedata.normalize them"),
        (r"'a\u200bb'", "'ab'", "left and right differ in invisible characters only"),
        ("function", "3", "left is the function function, which was not called"),
        ("coroutine()", "3", "left is a coroutine: it was never awaited"),
        ("Class", "Class()", "left is the class Class, and right an instance of it"),
        ("Colour.RED", "'red'", "left is the member Colour.RED of an enum, whose value equals right"),
        ("(3,)", "3", "left is a tuple of one item that equals right: is there a comma at its end?"),
        (
            "datetime.datetime(2020, 1, 1)",
            "datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)",
            "left is a naive datetime (without time zone) and right an aware one",
        ),
        ("datetime.datetime(2020, 1, 1)", "datetime.date(2020, 1, 1)", "left is a datetime and right a date"),
        ("{1: 'a'}", "{'1': 'a'}", "[1] and ['1']: keys of the same text, one of them a str"),
        ("{'a': {'1': 0}}", "{'a': {1: 0}}", "['a']['1'] and ['a'][1]: keys of the same text, one of them a str"),
        ("{'a': 1}", "{'b': 1}", None),
        ("1", "2", None),
        ("None", "2", None),
        ("[1]", "[2]", None),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_mistakes(explained, left, right, expected):
    hints = [line.removeprefix("hint: ") for line in explained(MISTAKES, left, right) if line.startswith("hint: ")]
    assert hints == ([expected] if expected else [])


@pytest.mark.parametrize(
    "left, operator, right, expected",
    [
        ("[1]", "is", "[1]", "left and right are equal, but not the same object: compare with =="),
        ("1", "in", "['1']", "left is an int and an item of right a str with the same text"),
        ("'Foo'", "in", "'a foo'", "left is in right in other upper or lower case"),
        ("'a  b'", "in", "'x a b'", "left is in right with other white space"),
        ("3", "in", "{'a': 3}", "left is a value of right, not a key"),
        ("0.1 + 0.2", "in", "[0.3]", "an item of right is nearly equal to left"),
    ],
)
def test_mistakes_of_other_operators(explained, left, operator, right, expected):
    assert explained("", left, right, operator=operator) == [f"hint: {expected}"]


class TestWhereTheyAre:
    SOURCE = "def test_it():\n    print('printed')\n    prnt()\n"

    def test_before_the_captured_sections(self, pytester):
        pytester.makepyfile(self.SOURCE)
        result = pytester.runpytest("--enhanced-errors")
        result.stdout.fnmatch_lines(["E * NameError: *", "", "*.py:3: NameError", "H   did you mean 'print'?", "*Captured stdout*"])

    @pytest.mark.parametrize("style, count", [("long", 1), ("short", 1), ("native", 1), ("line", 0), ("no", 0)])
    def test_by_traceback_style(self, pytester, style, count):
        pytester.makepyfile(self.SOURCE)
        assert len(hints_of(pytester.runpytest("--enhanced-errors", f"--tb={style}"))) == count

    def test_colour(self, pytester):
        pytester.makepyfile(self.SOURCE)
        result = pytester.runpytest("--enhanced-errors", "--color=yes")
        assert "\x1b[33m\x1b[1mH   did you mean 'print'?\x1b[0m" in result.outlines

    def test_not_without_the_option(self, pytester):
        pytester.makepyfile(self.SOURCE + "def test_nested():\n    assert [[1]] == [['1']]\n")
        result = pytester.runpytest()
        result.stdout.no_fnmatch_line("H   *")
        result.stdout.no_fnmatch_line("*paths differ*")
        result.stdout.no_fnmatch_line("*hint:*")

    def test_in_reports(self, pytester):
        pytester.makepyfile(self.SOURCE + "def test_passes(): pass\n")
        pytester.makeconftest("""
            def pytest_runtest_logreport(report):
                import json
                data = report._to_json()
                print("REPORT", report.when, json.dumps(data.get("hints")))
                assert type(report)._from_json(data).__dict__.get("hints") == data.get("hints")
        """)
        lines = [line[7:].split(None, 1) for line in pytester.runpytest("--enhanced-errors", "-s").outlines if "REPORT " in line[:9]]
        found = [json.loads(hints) for when, hints in lines if when == "call"]
        assert found[-1:] == [None] and ["did you mean 'print'?"] in found

    def test_from_workers(self, pytester):
        pytest.importorskip("xdist")
        pytester.makepyfile(self.SOURCE)
        assert hints_of(pytester.runpytest_subprocess("--enhanced-errors", "-n1")) == ["did you mean 'print'?"]

    def test_expected_failures_get_none(self, hints):
        assert hints("import pytest\n@pytest.mark.xfail\ndef test_it(): prnt()", "-rx", "--xfail-tb") == []
