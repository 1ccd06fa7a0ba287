"""`--report-ctrf` (docs/formats/ctrf.md). The fields are those of the schema at https://ctrf.io, which allows no others."""

import collections
import json

import pytest
import suite

TEST_FIELDS = {
    "name": str,
    "status": str,
    "duration": int,
    "start": int,
    "stop": int,
    "suite": list,
    "message": str,
    "trace": str,
    "line": int,
    "rawStatus": str,
    "filePath": str,
    "retries": int,
    "flaky": bool,
    "stdout": list,
    "stderr": list,
    "extra": dict,
}
STATUS = {"error": "failed", "xfailed": "skipped", "xpassed": "passed"}


@pytest.fixture
def report(pytester):
    def report(*args, **keywords):
        run = keywords.get("run", pytester.runpytest)
        run("--report-ctrf=out/ctrf.json", *args)
        return json.loads((pytester.path / "out" / "ctrf.json").read_text(encoding="utf-8"))

    return report


@pytest.fixture
def everything(pytester, report):
    suite.write(pytester.path)
    return report("--continue-on-collection-errors", "--doctest-glob=*.txt")


def test_fields(everything):
    assert (everything["reportFormat"], everything["specVersion"]) == ("CTRF", "0.0.0")
    assert set(everything) == {"reportFormat", "specVersion", "generatedBy", "results"}
    assert set(everything["results"]) == {"tool", "summary", "tests", "environment"}
    assert everything["results"]["tool"]["name"] == "fastest"
    for test in everything["results"]["tests"]:
        assert {"name", "status", "duration"} <= set(test)
        for field, value in test.items():
            assert type(value) is TEST_FIELDS[field], field


def test_statuses_and_summary(everything):
    tests = {test["extra"]["id"]: test for test in everything["results"]["tests"] if "extra" in test}
    assert {id: test.get("rawStatus", test["status"]) for id, test in tests.items()} == suite.STATUSES
    assert {id: test["status"] for id, test in tests.items()} == {id: STATUS.get(s, s) for id, s in suite.STATUSES.items()}
    summary = everything["results"]["summary"]
    counts = collections.Counter(test["status"] for test in everything["results"]["tests"])
    assert counts["failed"] == 6  # with test_broken.py
    assert summary["tests"] == len(suite.STATUSES) + 1
    assert {s: summary[s] for s in ("passed", "failed", "skipped", "pending", "other")} == {
        "pending": 0,
        "other": 0,
        **counts,
    }
    assert summary["start"] <= summary["stop"]


def test_what_a_test_tells(everything):
    tests = {test["name"]: test for test in everything["results"]["tests"]}
    assert tests["test_method"]["suite"] == ["test_all.py", "TestClass"]
    assert tests["test_speaks"]["stdout"] == ["to stdout"]
    assert tests["test_speaks"]["stderr"] == ["to stderr"]
    assert tests["test_fails"]["message"].startswith("assert [1, 2] == [1, 3]")
    assert "> " in tests["test_fails"]["trace"]
    assert tests["test_skipped"]["message"] == "not now"
    assert tests["test_broken.py"]["rawStatus"] == "error"


def test_empty_run(report):
    assert report()["results"]["tests"] == []


def test_flaky(pytester, report):
    pytest.importorskip("pytest_rerunfailures")
    pytester.makepyfile("tries = []\ndef test_a():\n    tries.append(1)\n    assert len(tries) == 2")
    [test] = report("--reruns=3", run=pytester.runpytest_subprocess)["results"]["tests"]
    assert (test["status"], test["retries"], test["flaky"]) == ("passed", 1, True)
