"""Random asserts under pytest's rewriter and under fastest's: same outcome, same calls, same text.

    python tests/parity/assert_texts.py [--seed N] [--count N] [--show]

Each assert is rewritten, compiled and run in a process with the real pytest and in one with fastest's facade, at four
verbosities, every second one from a file (as test modules are, so that only the compiler sees the tree) and without the word
`locals` in it (so that no temporary is kept for show); what it raised, which functions it called in which order, and which temporaries it left are
compared. Where the two
differ, plain Python decides: pytest evaluates some operands too late when another one assigns a name. Where only the texts
differ, an assert may do so that assigns a name which it has elsewhere, too (docs/differences.md).
"""

import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = os.environ.get("FASTEST_PACKAGE") or str(Path(__file__).resolve().parents[2] / "python")
PRELUDE = '''
import collections
LOG = []
def note(value, *rest, **named):
    LOG.append((repr(value), repr(rest), repr(named)))
    return value
def zero(*args, **named):
    LOG.append("zero")
    return 0
class Box:
    def __init__(self, value=1): self.value = value; self.inner = self
    def get(self, other=None): return self.value if other is None else other
    def __repr__(self): LOG.append("repr"); return "Box(%r)" % (self.value,)
    def __eq__(self, other): return isinstance(other, Box) and self.value == other.value
    def __bool__(self): return bool(self.value)
    def __lt__(self, other): return False
    def __call__(self, *a, **k): return self.value
class Bad:
    def __repr__(self): raise ValueError("bad%")
    def __bool__(self): return False
Pair = collections.namedtuple("Pair", "x y")
G1 = 5; G2 = "text%s"; G3 = [1, 2]; G4 = None; GBOX = Box(0); GF = zero
'''
NAMES = ["a", "b", "c", "s", "t", "lst", "dct", "box", "bad", "G1", "G2", "G3", "G4", "GBOX", "st", "tup", "pair"]
LOCALS = '''a = 1; b = 0; c = None; s = "some text\\\\nline"; t = "100%"; lst = [1, 2, 3]; dct = {"k": 1, "z": [1]}
box = Box(3); bad = Bad(); st = {1, 2}; tup = (1, "x"); pair = Pair(1, 2)'''
CONSTANTS = ["0", "1", "-1", "3", "None", "True", "False", "''", "'x'", "'100%'", "'a\\nb'", "1.5", "b'ab'", "10**20", "...", "()", "2j",
             "'long text ' * 30", "'" + "y" * 90 + "'", "'é\u203d'"]
COMPARISONS = ["==", "!=", "<", ">", "<=", ">=", "is", "is not", "in", "not in"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.walrus = 0

    def pick(self, *values):
        return self.random.choice(values)

    def expression(self, depth):
        r = self.random
        if depth <= 0 or r.random() < 0.15:
            return r.choice(NAMES) if r.random() < 0.65 else "(" + r.choice(CONSTANTS) + ")"
        e = lambda: self.expression(depth - 1)  # noqa: E731
        kind = r.randrange(20)
        if kind < 4:
            return f"({e()} {r.choice(COMPARISONS)} {e()})"
        if kind == 4:
            return f"({e()} {r.choice(COMPARISONS[:6])} {e()} {r.choice(COMPARISONS)} {e()})"
        if kind < 7:
            word = r.choice(["and", "or"])
            return "(" + f" {word} ".join(e() for _ in range(r.randrange(2, 4))) + ")"
        if kind == 7:
            return f"(not {e()})"
        if kind == 8:
            return f"({r.choice('-+~')}{e()})"
        if kind == 9:
            return f"({e()} {r.choice(['+', '-', '*', '%', '|', '&', '//', '@', '<<'])} {e()})"
        if kind < 12:
            return f"note({self.arguments(depth)})"
        if kind == 12:
            return f"{r.choice(['zero', 'GF', 'len', 'isinstance', 'box.get', 'lst.count', 'box.inner.get', 'bool'])}({self.arguments(depth)})"
        if kind == 13:
            return f"{r.choice(['box', 'GBOX', 'box.inner', 'pair', 'note(box)'])}.{r.choice(['value', 'inner', 'get', 'x', 'value.real'])}"
        if kind == 14:
            return f"{r.choice(['lst', 'dct', 'tup', 's'])}[{r.choice(['0', '1', chr(39) + 'k' + chr(39), e()])}]"
        if kind == 15:
            return r.choice([f"[i for i in {e()}]", f"({e()} if {e()} else {e()})", f"f'{{{r.choice(NAMES)}}} %'", f"[{e()}, {e()}]",
                             f"(lambda: {e()})()", f"{{{e()}: {e()}}}", f"({e()}, {e()})", f"any(i == {e()} for i in lst)", f"{{*{e()}}}"])
        if kind < 18:
            return f"({r.choice(['a', 'b', 'w', 'box', 'lst'])} := {e()})"
        return r.choice(NAMES)

    def arguments(self, depth):
        parts = [self.expression(depth - 1) for _ in range(self.random.randrange(0, 3))]
        if self.random.random() < 0.2:
            parts.append("*" + self.pick("lst", "tup", "note(lst)"))
        if self.random.random() < 0.2:
            parts.append("key=" + self.expression(depth - 1))
        if self.random.random() < 0.15:
            parts.append("**" + self.pick("dct", "note(dct)"))
        return ", ".join(parts)

    def statement(self):
        text = self.expression(self.random.randrange(1, 4))
        text = f"assert (\n{text}\n)" if self.random.random() < 0.2 else "assert " + text
        chance = self.random.random()
        if chance < 0.15:
            text += ", " + self.pick("'message'", "'two\\nlines %d'", "f'{a}%'", "note('m')", "[1, 'a\\nb']", "box", "bad", "lst.pop()")
        return text

    def source(self):
        statement = self.statement()
        place = self.random.random()
        indented = "".join("    " + line + "\n" for line in LOCALS.splitlines())
        if place < 0.7:
            return PRELUDE + f"def check():\n{indented}    try:\n        {statement}\n    finally:\n        FOUND.append(dict(locals()))\ncheck()\n"
        if place < 0.8:
            return PRELUDE + LOCALS + f"\n{statement}\n"
        if place < 0.9:
            inner = statement.replace("box", "__box").replace("__box.", "__box.")
            return (PRELUDE + f"def outer():\n{indented}    class Inner:\n        def check(self):\n            __box = box\n            nonlocal a\n"
                    f"            {inner}\n    Inner().check()\nouter()\n")
        return PRELUDE + f"def outer():\n{indented}    class Body:\n        a = 7\n        own = a\n        {statement}\nouter()\n"


# --- in the child -----------------------------------------------------------------------------


class FakeConfig:
    VERBOSITY_ASSERTIONS = "assertions"

    def __init__(self, verbose):
        self.verbose = verbose
        self.pluginmanager = self

    def has_plugin(self, name):
        return False

    def get_verbosity(self, kind=None):
        return self.verbose

    def getini(self, name):
        return {"assertion_text_diff_style": "ndiff"}.get(name)


def place_of(error):
    """Where it was raised: line, and columns if Python knows them."""
    traceback = error.__traceback__
    while traceback.tb_next:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code
    if not isinstance(error, AssertionError) or not hasattr(code, "co_positions"):
        return traceback.tb_lineno
    return list(list(code.co_positions())[traceback.tb_lasti // 2])


def compiled(source, rewrite, from_file):
    import ast

    if rewrite and from_file:
        path = Path(os.environ["ASSERT_FOLDER"], "random_assert.py")
        path.write_text(source, encoding="utf-8")
        return rewrite._rewrite_test(path, None)[1]
    tree = ast.parse(source)
    if rewrite:
        rewrite.rewrite_asserts(tree, source.encode(), "random_assert.py", None)
    return compile(tree, "random_assert.py", "exec")


def run_one(job, plugin, util, rewrite):
    verbose, from_file, source = job
    config = FakeConfig(verbose)
    if verbose < 0:
        util._reprcompare = util._config = None
    else:
        def compare(op, left, right):
            lines = plugin.pytest_assertrepr_compare(config, op, left, right)
            if lines:
                return "\n~".join(line.replace("\n", "\\n") for line in lines).replace("%", "%%")
            return None

        util._reprcompare, util._config = compare, config
    found = []
    space = {"FOUND": found, "SEEN": locals, "__name__": "random_assert"}
    try:
        code = compiled(source.replace("locals()", "SEEN()") if from_file else source, rewrite, from_file)
    except SyntaxError as error:
        return ["syntax", str(error)]
    try:
        exec(code, space)
        outcome = ["passed"]
    except Exception as error:
        text = str(error) if isinstance(error, AssertionError) else type(error).__name__
        outcome = [type(error).__name__, text, place_of(error)]
    kept = [k for k, v in (found[0] if found else {}).items() if k.startswith("@") and v is not None]
    return [*outcome, space.get("LOG"), sorted(kept) if outcome == ["passed"] else []]


def child(which, run):
    if which == "fastest":
        sys.path.insert(0, PACKAGE)
        if not os.environ.get("FASTEST_OURS"):
            from fastest import facade

            facade.install()
    import warnings

    warnings.simplefilter("ignore")
    import _pytest.assertion as plugin
    from _pytest.assertion import rewrite, util

    sys.stderr.write(rewrite.__file__ + "\n")
    for line in sys.stdin:
        answer = run(json.loads(line), plugin, util, which != "plain" and rewrite)
        sys.stdout.write(json.dumps(answer) + "\n")


# --- comparing --------------------------------------------------------------------------------


ADDRESS = r"0x[0-9a-f]+|[0-9a-f]{5,12}(?=>)|(?<=\.\.\.)[0-9a-f]+(?=>)|(?<=with id=)\d+"


def without_addresses(result):
    import re

    if isinstance(result, list) and any("<Recursion on " in str(line) for line in result):
        result = result[:3]  # which lines are alike enough to be paired is a matter of the addresses
    text = json.dumps(result)
    if re.search(ADDRESS, text):  # a line of marks under the letters that differ knows the digits
        text = re.sub(r'"[ +-]*\?[ ^+-]*"', '"?"', re.sub(ADDRESS, "0x", text))
    # Where the limit is reached depends on the frames below; native code has no lines of its own.
    text = re.sub(r"[^ \"]+: RecursionError: maximum recursion depth exceeded[ \w]*", "RecursionError", text)
    text = re.sub(r"details failed: /[^ \"]*\.\.\.\"", 'details failed: \"', text)
    return json.loads(re.sub(r"failed: [^ ]*/_pytest/[^ ]*: ", "failed: ", text))


def behaviour(result):
    """What an assert does, whatever is shown."""
    calls = [call for call in result[-2] or [] if call != "repr"] if len(result) > 2 else []
    return [result[0], calls]


def assigns_own_name(source):
    """Whether an assert has a name elsewhere that a `:=` in it assigns."""
    import ast

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            inner = list(ast.walk(node))
            names = collections.Counter(n.id for n in inner if isinstance(n, ast.Name))
            if any(names[n.target.id] > 1 for n in inner if isinstance(n, ast.NamedExpr)):
                return True
    return False


def answers(which, jobs, script=__file__):
    env = {k: v for k, v in os.environ.items() if which == "fastest" or not k.startswith("FASTEST_")}
    env["PYTHONHASHSEED"] = "0"
    if which != "fastest":
        env.pop("PYTHONPATH", None)
    text = "".join(json.dumps(job) + "\n" for job in jobs)
    with tempfile.TemporaryDirectory() as folder:
        env["ASSERT_FOLDER"] = folder
        done = subprocess.run([sys.executable, script, "--child", which], input=text, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(f"{which}: {done.stderr[-3000:]}")
    where = done.stderr.splitlines()[-1]
    if (which != "fastest") == where.startswith(PACKAGE):
        sys.exit(f"{which} was not what ran: {where}")
    return [without_addresses(json.loads(line)) for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--show", type=int, default=5, help="how many differences to print")
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        return child(options.child, run_one)
    maker = Maker(options.seed)
    jobs = [(maker.pick(-1, 0, 1, 2), i % 2, maker.source()) for i in range(options.count)]
    real, ours = answers("real", jobs), answers("fastest", jobs)
    different = [i for i in range(len(jobs)) if real[i] != ours[i]]
    plain = dict(zip(different, answers("plain", [jobs[i] for i in different]))) if different else {}
    as_python = [i for i in different if behaviour(ours[i]) == behaviour(plain[i]) != behaviour(real[i])]
    late = [i for i in different if behaviour(ours[i]) == behaviour(plain[i]) == behaviour(real[i]) and assigns_own_name(jobs[i][2])]
    different = [i for i in different if i not in as_python and i not in late]
    for i in different[: options.show]:
        assertion = next(line for line in jobs[i][2].splitlines() if line.strip().startswith("assert"))
        print(f"--- verbosity {jobs[i][0]}: {assertion.strip()}\npytest:  {real[i]}\nfastest: {ours[i]}")
    kinds = {}
    for result in real:
        kinds[result[0]] = kinds.get(result[0], 0) + 1
    print(f"{len(jobs)} asserts, {len(different)} differ, {len(as_python)} where pytest differs from Python, {len(late)} whose texts may; outcomes {kinds}")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
