"""`--report-json`: the stream of events and its schema (docs/formats/report-json.md)."""

import collections
import json
import os
import pathlib

import pytest
import suite

SCHEMA = pathlib.Path(__file__).parents[2] / "docs" / "formats" / "report-json.schema.json"


def read(path):
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def of(events, kind, **fields):
    return [event for event in events if event["event"] == kind and all(event.get(k) == v for k, v in fields.items())]


@pytest.fixture
def run(pytester):
    def run(*args, start=pytester.runpytest):
        start("--report-json=run.jsonl", *args)
        return read(pytester.path / "run.jsonl")

    return run


@pytest.fixture
def everything(pytester, run):
    suite.write(pytester.path)
    return run("--continue-on-collection-errors", "--doctest-glob=*.txt")


def test_lines_follow_the_schema(everything):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    for event in everything:
        validator.validate(event)
    # A field that the schema does not know would be valid, too: there must be none.
    definitions = validator.schema["$defs"]
    for event in everything:
        assert set(event) <= set(definitions[event["event"]]["properties"])
    assert {event["event"] for event in everything} == set(definitions) - {
        "time",
        "duration",
        "index",
        "line",
        "when",
        "crash",
    }


def test_each_test_has_its_status(everything):
    assert {event["id"]: event["status"] for event in of(everything, "end")} == suite.STATUSES


def test_summary_counts_tests_and_collectors(everything):
    counts = collections.Counter(suite.STATUSES.values())
    counts["error"] += 1  # test_broken.py
    summary = everything[-1]
    assert summary["event"] == "summary"
    assert summary["counts"] == counts
    assert (summary["collected"], summary["deselected"], summary["exit_status"]) == (len(suite.STATUSES), 0, 1)


def test_order_of_events(everything):
    kinds = [event["event"] for event in everything]
    assert kinds[0] == "session"
    assert everything[0]["version"].startswith("1.")
    assert kinds.index("start") > max(i for i, kind in enumerate(kinds) if kind == "collection")
    own = [(e["event"], e.get("phase")) for e in everything if e.get("id") == "test_all.py::test_speaks"]
    assert own == [
        ("collection", None),
        ("start", None),
        ("phase", "setup"),
        ("output", "call"),
        ("output", "call"),
        ("phase", "call"),
        ("phase", "teardown"),
        ("end", None),
    ]


def test_collection_tells_where_tests_are(everything):
    [method] = of(everything, "collection", label="test_method")
    assert (method["id"], method["file"], method["kind"], method["status"]) == (
        "test_all.py::TestClass::test_method",
        "test_all.py",
        "method",
        "collected",
    )
    assert method["line"] == suite.FILES["test_all.py"].splitlines().index("    def test_method(self):") + 1
    assert {event["kind"] for event in of(everything, "collection", status="collected")} == {
        "function",
        "method",
        "unittest",
        "doctest",
    }
    [broken] = of(everything, "collection", status="failed")
    assert (broken["id"], broken["kind"]) == ("test_broken.py", "module")
    assert "No module named 'not_there'" in broken["message"]
    [left_out] = of(everything, "collection", status="skipped")
    assert (left_out["id"], left_out["message"]) == ("test_left_out.py", "a module")


def test_tests_end_before_the_next_one_starts(everything):
    borders = [(event["event"], event["index"]) for event in everything if event["event"] in ("start", "end")]
    assert borders == [(kind, index) for index in range(len(suite.STATUSES)) for kind in ("start", "end")]


def test_output_of_the_phase_alone(everything):
    outputs = of(everything, "output", id="test_all.py::test_fails")
    assert [(o["phase"], o["stream"], o["text"]) for o in outputs] == [("call", "stdout", "before\n")]


def test_problems(everything):
    [fails] = of(everything, "phase", id="test_all.py::test_fails", outcome="failed")
    assert fails["message"].startswith("assert [1, 2] == [1, 3]")
    line = suite.FILES["test_all.py"].splitlines().index("    assert [1, 2] == [1, 3]") + 1
    assert (fails["file"], fails["line"]) == ("test_all.py", line)
    assert "At index 1 diff: 2 != 3" in fails["traceback"]
    [skipped] = of(everything, "phase", id="test_all.py::test_skipped", outcome="skipped")
    assert (skipped["message"], skipped["file"]) == ("not now", "test_all.py")
    [expected] = of(everything, "phase", id="test_all.py::test_xfailed", phase="call")
    assert (expected["outcome"], expected["xfail"], expected["message"]) == ("skipped", True, "a bug")
    parts = of(everything, "phase", id="test_all.py::test_subtests", phase="call")
    assert [(p.get("subtest"), p["outcome"]) for p in parts] == [
        ("[first]", "passed"),
        ("[second] (n=2)", "failed"),
        (None, "failed"),
    ]
    assert parts[1]["message"].startswith("AssertionError: in a part")


def test_lone_surrogates(pytester, run):
    pytester.makepyfile("def test_a():\n    assert 0, '\\udc80'")
    [failed] = of(run(), "phase", outcome="failed")
    assert failed["message"].startswith("AssertionError: \udc80\n")


def test_warnings(everything):
    warned = of(everything, "warning")
    assert [(w["id"], w["category"], w["message"], w["file"]) for w in warned] == [
        (id, "UserWarning", "careful", "test_all.py") for id in suite.STATUSES if "test_parameters" in id
    ]


def test_warnings_before_the_session(pytester, run):
    pytester.makeini("[pytest]\nunknown = 1")
    events = run()
    assert [event["event"] for event in events] == ["session", "warning", "summary"]
    assert (events[1]["when"], events[1]["category"]) == ("config", "PytestConfigWarning")


def test_equal_ids_have_different_numbers(pytester, run):
    pytester.makepyfile(test_a="def test_a(): pass")
    events = run("--keep-duplicates", "test_a.py", "test_a.py")
    for kind in ("collection", "start", "end"):
        assert [(e["id"], e["index"]) for e in of(events, kind)] == [("test_a.py::test_a", 0), ("test_a.py::test_a", 1)]


def test_deselected_tests(pytester, run):
    pytester.makepyfile(test_a="def test_a(): pass\ndef test_b(): pass")
    events = run("-k", "test_b")
    assert [(e["id"], e["status"]) for e in of(events, "collection")] == [
        ("test_a.py::test_a", "deselected"),
        ("test_a.py::test_b", "collected"),
    ]
    assert events[-1]["deselected"] == 1


def test_collect_only_lists_tests(pytester, run):
    pytester.makepyfile(test_a="def test_a(): pass")
    assert [event["event"] for event in run("--collect-only")] == ["session", "collection", "summary"]


def test_early_stop_has_a_reason(pytester, run):
    pytester.makepyfile("def test_a(): assert 0\ndef test_b(): pass")
    summary = run("-x")[-1]
    assert (summary["reason"], summary["counts"]) == ("stopping after 1 failures", {"failed": 1})


def test_interruption(pytester, run):
    pytester.makepyfile(test_a="def test_a(): raise KeyboardInterrupt")
    events = run(start=pytester.runpytest_subprocess)
    [crash] = of(events, "crash")
    assert (crash["kind"], crash["id"], crash["message"]) == ("interrupted", "test_a.py::test_a", "KeyboardInterrupt")
    assert events[-1]["exit_status"] == 2
    assert not of(events, "end")


def test_internal_error(pytester, run):
    pytester.makepyfile(test_a="def test_a(): pass")
    pytester.makeconftest("def pytest_runtest_setup(item): pass\ndef pytest_runtestloop(): raise OSError('deep')")
    events = run()
    [crash] = of(events, "crash")
    assert (crash["kind"], crash["message"]) == ("internal-error", "OSError: deep")
    assert events[-1]["exit_status"] == 3


def test_what_died_can_be_told(pytester):
    pytester.makepyfile(test_a="import os\ndef test_a(): pass\ndef test_b(): os._exit(7)")
    assert pytester.runpytest_subprocess("--report-json=run.jsonl").ret == 7
    events = read(pytester.path / "run.jsonl")
    started, ended = of(events, "start"), of(events, "end")
    assert [e["id"] for e in started] == ["test_a.py::test_a", "test_a.py::test_b"]
    assert [e["id"] for e in ended] == ["test_a.py::test_a"]
    assert events[-1]["event"] != "summary"


def test_a_forked_child_writes_nothing(pytester, run):
    pytester.makepyfile(
        """
        import os
        def test_a(request):
            child = os.fork()
            if child == 0:
                plugin = request.config.pluginmanager.get_plugin("fastest.run_events")
                plugin.pytest_runtest_logstart(nodeid="child")
                os._exit(0)
            os.waitpid(child, 0)
        """
    )
    assert not [event for event in run() if event.get("id") == "child"]


def test_quiet_and_general_runs_tell_the_same(pytester, run):
    suite.write(pytester.path)
    arguments = ["--continue-on-collection-errors"]

    def essence():
        return [
            {key: value for key, value in event.items() if key not in ("time", "start", "duration", "arguments", "traceback")}
            for event in run(*arguments)
        ]

    quiet = essence()
    pytester.makeconftest("def pytest_runtest_logreport(report): pass")
    assert essence() == quiet


def test_paths(pytester, monkeypatch):
    pytester.makepyfile("def test_a(): pass")
    monkeypatch.setenv("PLACE", "deep")
    pytester.runpytest("--report-json=$PLACE/er/run.jsonl").assert_outcomes(passed=1)
    assert read(pytester.path / "deep" / "er" / "run.jsonl")


@pytest.mark.parametrize(
    ["given", "message"],
    [
        ("", "--report-json must be a path, given an empty one"),
        (".", "--report-json must be a filename, given: ."),
        ("/proc/none/run.jsonl", "--report-json: cannot make the folder: *"),
        ("locked/run.jsonl", "--report-json: cannot write *locked/run.jsonl: Permission denied"),
    ],
)
def test_bad_paths(pytester, given, message):
    (pytester.path / "locked").mkdir(mode=0o500)
    if given.startswith("locked") and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    result = pytester.runpytest(f"--report-json={given}")
    result.stderr.fnmatch_lines([f"ERROR: {message}"])
    assert result.ret == 4


@pytest.mark.parametrize("option", ["--report-json", "--report-ctrf"])
def test_full_disk(pytester, option):
    pytester.makepyfile("def test_a(): pass")
    result = pytester.runpytest_subprocess(f"{option}=/dev/full")
    assert result.ret == 0
    result.stderr.fnmatch_lines([f"ERROR: {option}: cannot write /dev/full: No space left on device"])


def test_collection_errors_are_a_reason(pytester, run):
    pytester.makepyfile("import nope")
    events = run()
    assert not of(events, "crash")
    assert (events[-1]["reason"], events[-1]["exit_status"]) == ("1 error during collection", 2)


def test_exit(pytester, run):
    pytester.makepyfile(test_a="import pytest\ndef test_a(): pytest.exit('enough')")
    [crash] = of(run(start=pytester.runpytest_subprocess), "crash")
    assert (crash["id"], crash["message"]) == ("test_a.py::test_a", "Exit: enough")


def test_runs_in_workers(pytester):
    pytest.importorskip("xdist")
    suite.write(pytester.path)
    pytester.runpytest_subprocess(
        "--report-json=run.jsonl", "-n2", "--continue-on-collection-errors", "--doctest-glob=*.txt"
    )
    events = read(pytester.path / "run.jsonl")
    assert {event["id"]: event["status"] for event in of(events, "end")} == suite.STATUSES
    assert {event["id"] for event in of(events, "collection", status="collected")} == set(suite.STATUSES)
    assert sorted(event["index"] for event in of(events, "end")) == list(range(len(suite.STATUSES)))


def test_a_dying_worker(pytester):
    pytest.importorskip("xdist")
    pytester.makepyfile(test_a="import os\ndef test_a(): os._exit(7)\ndef test_b(): pass")
    pytester.runpytest_subprocess("--report-json=run.jsonl", "-n1")
    events = read(pytester.path / "run.jsonl")
    [crash] = of(events, "crash")
    assert (crash["kind"], crash["id"]) == ("worker", "test_a.py::test_a")
    assert {event["id"]: event["status"] for event in of(events, "end")}["test_a.py::test_b"] == "passed"


def test_reruns(pytester):
    pytest.importorskip("pytest_rerunfailures")
    pytester.makepyfile("tries = []\ndef test_a():\n    tries.append(1)\n    assert len(tries) == 3")
    pytester.runpytest_subprocess("--report-json=run.jsonl", "--reruns=5")
    events = read(pytester.path / "run.jsonl")
    assert [e["outcome"] for e in of(events, "phase", phase="call")] == ["rerun", "rerun", "passed"]
    assert [e["index"] for e in of(events, "start")] == [0, 0, 0]
    [end] = of(events, "end")
    assert (end["status"], end["reruns"]) == ("passed", 2)
