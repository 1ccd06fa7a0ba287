"""Random comparisons explained by pytest and by fastest: the lines must be the same.

    python tests/parity/compare_texts.py [--seed N] [--count N] [--show N]
"""

import argparse
import sys

import assert_texts

OPERATORS = ["=="] * 12 + ["!=", "<", "<=", ">", ">=", "in", "not in", "not in", "is"]
SETUP = '''
import array, collections, dataclasses, datetime, decimal, enum, fractions, pathlib, re, types, uuid
Pair = collections.namedtuple("Pair", "x y")
Triple = collections.namedtuple("Triple", "x y z", defaults=[0])
@dataclasses.dataclass
class Data:
    a: object
    b: object = None
    c: int = dataclasses.field(default=0, compare=False)
class Odd(list):
    def __repr__(self): return "Odd%d" % len(self)
@dataclasses.dataclass(order=True)
class Sub(Data):
    d: object = dataclasses.field(default=None, repr=False)
    def __hash__(self): return 1
@dataclasses.dataclass(eq=False)
class NotEqual:
    a: object
    def __hash__(self): return 3
@dataclasses.dataclass(slots=True, frozen=True)
class Slots:
    a: object
    long_name_of_a_field: object = ()
@dataclasses.dataclass
class OwnEqual:
    a: object
    b: object = 1
    def __eq__(self, other): return False
class Attrs:
    __attrs_attrs__ = tuple(types.SimpleNamespace(name=n, eq=n != "c") for n in "abc")
    def __init__(self, a, b=0, c=0): self.a, self.b, self.c = a, b, c
    def __eq__(self, other): return type(other) is Attrs and (self.a, self.b) == (other.a, other.b)
    def __repr__(self): return "Attrs(%r)" % (self.a,)
    __hash__ = None
class Text(str):
    def __repr__(self): return "Text<" + str(self)[:5] + ">"
class Number(int):
    def __repr__(self): return "number"
class Mapping(dict):
    def __repr__(self): return "Mapping of\\n%d" % len(self)
class Many(set): pass
class Tuple(tuple):
    def __repr__(self): return ""
class Lines:
    def __init__(self, n): self.n = n
    def __repr__(self): return "\\n".join("line %d" % i for i in range(self.n))
    def __eq__(self, other): return isinstance(other, Lines) and self.n == other.n
    __hash__ = None
class Unequal:
    def __eq__(self, other): raise ValueError("not comparable")
    def __ne__(self, other): return True
    def __repr__(self): return "Unequal()"
    def __hash__(self): return 4
class Lazy:
    def __eq__(self, other): return Truthless()
    def __repr__(self): return "Lazy()"
class Truthless:
    def __bool__(self): raise TypeError("no truth")
class Color(enum.Enum): RED = 1; BLUE = "b"
class Flags(enum.IntFlag): A = 1; B = 2
class Bag:
    def __init__(self, *values): self.values = values
    def __iter__(self): return iter(self.values)
    def __len__(self): return len(self.values)
    def __contains__(self, value): return False
    def __repr__(self): return "Bag(%s)" % ", ".join(map(repr, self.values))
def Loop(*values):
    made = list(values); made.append(made); return made
def LoopDict(**values):
    values["self"] = values; return values
def LoopData(a):
    made = Data(a); made.b = [made]; return made
def Deep(n, value):
    for _ in range(n): value = [value]
    return value
class Plain:
    def __repr__(self): return "Plain"
    def __hash__(self): return 5  # by address, the order of sets would be an accident
class Broken:
    def __repr__(self): raise RuntimeError("no repr")
OD = collections.OrderedDict; DD = lambda **k: collections.defaultdict(int, k); Counter = collections.Counter; deque = collections.deque
NS = types.SimpleNamespace; Proxy = types.MappingProxyType; UD = collections.UserDict; Chain = collections.ChainMap
'''


class Values:
    def __init__(self, random):
        self.random = random

    def text(self):
        r = self.random
        words = ["alpha", "beta", "x", "", "  ", "line\\n", "tab\\t", "%s", "'quote'", "\\u00e9", "e\\u0301", "\\r\\n", "z" * 45, "\\x00"]
        return "'" + "".join(r.choice(words).replace("'", "\\'") + r.choice(["", " ", "\\n"]) for _ in range(r.randrange(0, r.choice([3, 20])))) + "'"

    ODD = ["Text('some text')", "Text('')", "Number(3)", "Lines(3)", "Lines(0)", "Unequal()", "Lazy()", "Color.RED", "Color.BLUE",
           "Flags(3)", "Flags.A", "float('nan')", "-0.0", "1j", "1e300", "10**5000", "-1", "...", "NotImplemented", "int", "len", "Data",
           "ValueError('text')", "KeyError(1, 2)", "decimal.Decimal('1.10')", "fractions.Fraction(1, 3)", "pathlib.PurePosixPath('a/b')",
           "datetime.date(2020, 1, 2)", "datetime.timedelta(1)", "re.compile('a+')", "uuid.UUID(int=5)", "memoryview(b'ab')",
           "array.array('i', [1, 2, 3])", "slice(1, None)", "object", "type(None)", "Broken()"]

    def lines(self):
        r = self.random
        line = lambda: r.choice(["same line", "", "   indented", "other " * 12, "tab\\tbed", "trailing  ", "# x", "? + -", "\\x1b[1m"])  # noqa: E731
        return "'" + r.choice(["\\n", "\\n", "\\r\\n", "\\n\\n", "\\x0c"]).join(line() for _ in range(r.randrange(1, r.choice([4, 30])))) + "'"

    def octets(self):
        r = self.random
        pieces = ["abc", "\\x00", "\\xff", "\\n", "x" * 60, "\\'", '"', " "]
        return "b'" + "".join(r.choice(pieces) for _ in range(r.randrange(0, 8))) + "'"

    def value(self, depth=3):
        r = self.random
        if depth <= 0 or r.random() < 0.25:
            plain = ["None", "True", "1.5", "b'bytes'", "Plain()", "10**50", "b'long' * 30"]
            makers = [self.text, self.lines, self.octets, lambda: str(r.randrange(30)), lambda: r.choice(self.ODD), lambda: r.choice(plain)]
            return r.choice(makers)()
        v = lambda: self.value(depth - 1)  # noqa: E731
        many = lambda: ", ".join(v() for _ in range(r.randrange(0, r.choice([3, 6, 14]))))  # noqa: E731
        key = lambda: r.choice([str(r.randrange(9)), f"'k{r.randrange(9)}'"])  # noqa: E731
        pairs = lambda: ", ".join(f"{key()}: {v()}" for _ in range(r.randrange(0, r.choice([3, 12]))))  # noqa: E731
        numbers = lambda: ", ".join(str(r.randrange(99)) for _ in range(r.randrange(1, 12)))  # noqa: E731
        return r.choice([
            lambda: f"[{many()}]", lambda: f"[{many()}]", lambda: f"({many()},)".replace("(,)", "()"), lambda: f"{{{pairs()}}}",
            lambda: f"{{{pairs()}}}", lambda: f"{{{numbers()}}}", lambda: f"frozenset([{numbers()}])", lambda: f"Pair({v()}, {v()})",
            lambda: f"Data({v()}, {v()}, {r.randrange(3)})", lambda: f"Odd([{many()}])", lambda: f"OD({{{pairs()}}})",
            lambda: f"DD(a={v()})", lambda: f"Counter([{numbers()}])", lambda: f"deque([{many()}])", lambda: f"NS(a={v()}, bb={v()})",
            lambda: f"Proxy({{{pairs()}}})", lambda: f"UD({{{pairs()}}})", lambda: f"Chain({{{pairs()}}}, {{{pairs()}}})",
            lambda: f"range({r.randrange(30)})", lambda: f"{{{pairs()}}}.keys()", lambda: f"{{{pairs()}}}.items()",
            lambda: f"Triple({v()}, {v()})", lambda: f"Sub({v()}, {v()}, 0, {v()})", lambda: f"NotEqual({v()})", lambda: f"Slots({v()}, {v()})",
            lambda: f"OwnEqual({v()}, {v()})", lambda: f"Attrs({v()}, {v()}, {r.randrange(2)})", lambda: f"Mapping({{{pairs()}}})",
            lambda: f"Many([{numbers()}])", lambda: f"Tuple([{many()}])", lambda: f"Bag({many()})", lambda: f"Loop({many()})",
            lambda: f"LoopDict(a={v()})", lambda: f"LoopData({v()})", lambda: f"Deep({r.choice([3, 8, 40])}, {v()})",
            lambda: f"OD(a=OD(b={v()}))", lambda: f"{{{pairs()}}}.values()",
            lambda: f"bytearray({r.choice(['b' + chr(39) + 'abc' + chr(39), 'range(100)'])})",
        ])()

    def changed(self, text):
        r = self.random
        kind = r.random()
        if kind < 0.2:
            return text
        if kind < 0.35:
            return self.value()
        for _ in range(r.randrange(1, 4)):
            at = r.randrange(len(text) + 1)
            piece = r.choice(["1", "2", "7", "a", "x", " ", "alpha"])
            text = text[:at] + piece + text[at + r.randrange(0, 2):]
        return text


def jobs_of(seed, count):
    import random
    import warnings

    warnings.simplefilter("ignore")
    values = Values(random.Random(seed))
    space = {}
    exec(SETUP, space)
    jobs = []
    while len(jobs) < count:
        left = values.value() if values.random.random() < 0.7 else values.text()
        right = values.changed(left)
        try:
            for text in (left, right):
                eval(compile(text, "value", "eval"), dict(space))
        except Exception:
            continue
        jobs.append([values.random.choice([-1, 0, 0, 1, 1, 2, 3]), values.random.choice(OPERATORS), left, right,
                     values.random.choice(["ndiff"] * 6 + ["block"]), values.random.choice([None, None, None, "0", "3", "20"]),
                     values.random.choice([None, None, "0", "100"])])
    return jobs


class Config(assert_texts.FakeConfig):
    def __init__(self, job):
        super().__init__(job[0])
        self.values = {"assertion_text_diff_style": job[4], "truncation_limit_lines": job[5], "truncation_limit_chars": job[6]}

    def getini(self, name):
        return self.values[name]


def run_one(job, plugin):
    space = {}
    exec(SETUP, space)
    left, right = eval(job[2], space), eval(job[3], space)
    try:
        return plugin.pytest_assertrepr_compare(Config(job), job[1], left, right)
    except Exception as error:
        return [type(error).__name__, str(error)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        return assert_texts.child(options.child, lambda job, plugin, util, rewrite: run_one(job, plugin))
    jobs = jobs_of(options.seed, options.count)
    real, ours = (assert_texts.answers(which, jobs, __file__) for which in ("real", "fastest"))
    different = [i for i in range(len(jobs)) if real[i] != ours[i]]
    for i in different[: options.show]:
        print(f"--- {jobs[i]}")
        for line in zip(real[i] or [], ours[i] or []):
            if line[0] != line[1]:
                print("pytest: ", repr(line[0]), "\nfastest:", repr(line[1]))
                break
        print(len(real[i] or []), len(ours[i] or []))
    print(f"{len(jobs)} comparisons, {len(different)} differ; {sum(map(bool, real))} with an explanation")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
