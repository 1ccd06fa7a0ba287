"""What a run has written is whole when it is killed: the JUnit file is a document that has every finished test, the
stream of JSON lines has all of its lines.

    killed_runs.py [KILLS [SEED]]

Each run is killed (SIGKILL) when its tests have noted a random number of names; each notes its name at its end. The last
one may still be in its teardown.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

MODULE = '''
import os

import pytest

NOTES = os.open(os.environ["NOTES"], os.O_WRONLY | os.O_APPEND)


@pytest.fixture(params=range(4))
def value(request):
    yield request.param


@pytest.fixture(autouse=True)
def noted(request):
    yield
    os.write(NOTES, (request.node.nodeid + "\\n").encode())


class TestValues:
    @pytest.mark.parametrize("number", range(25))
    def test_value(self, value, number):
        assert value == number % 4 or number % 7

    @pytest.mark.parametrize("number", range(10))
    def test_output(self, number, record_property):
        print("x" * 5000)
        record_property("number", number)
        assert number != 3, "<" * 3000


def test_skipped():
    pytest.skip("why")


@pytest.mark.xfail
def test_expected():
    assert 0
'''


def write_suite(folder):
    for number in range(12):
        (folder / f"test_{number:02}.py").write_text(MODULE)


def nodeid_of(case):
    *folders, name = case.get("classname").split(".")
    if name.startswith("Test"):
        return f"{'/'.join(folders)}.py::{name}::{case.get('name')}"
    return f"{'/'.join([*folders, name])}.py::{case.get('name')}"


def run(folder, notes, until=None):
    """How many names were noted, of a run that is killed when there are `until` of them."""
    notes.write_text("")
    environment = {**os.environ, "NOTES": str(notes)}
    reports = ["--junitxml=report.xml", "--report-json=report.jsonl"]
    command = [sys.executable, "-m", "fastest", "-q", *reports, "-p", "no:cacheprovider"]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        if until is not None and notes.stat().st_size >= until:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.0005)
    process.wait()
    return notes.read_text().splitlines()


def ids_in_junit(report):
    suite = xml.etree.ElementTree.parse(report).getroot()[0]
    return {nodeid_of(case) for case in suite if case.get("name")}


def ids_in_json_lines(report):
    text = report.read_text()
    assert not text or text.endswith("\n"), text[-200:]
    events = [json.loads(line) for line in text.splitlines()]
    return {event["id"] for event in events if event["event"] == "end"}


def check(folder, noted, killed):
    for name, read in [("report.xml", ids_in_junit), ("report.jsonl", ids_in_json_lines)]:
        report = folder / name
        if not report.exists():
            assert not noted, f"tests have finished, and there is no {name}"
            continue
        written = read(report)
        missing = [name for name in noted if name not in written]
        allowed = noted[-1:] if killed else []
        assert [name for name in missing if name not in allowed] == [], f"{name}: {missing} of {len(noted)} are missing"


def main(kills=20, seed=1):
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder, notes = pathlib.Path(name, "suite"), pathlib.Path(name, "notes.txt")
        folder.mkdir()
        write_suite(folder)
        check(folder, run(folder, notes), killed=False)
        size = notes.stat().st_size
        numbers = []
        for _ in range(kills):
            for report in folder.glob("report.*"):
                report.unlink()
            noted = run(folder, notes, until=chance.randrange(size))
            check(folder, noted, killed=True)
            numbers.append(len(noted))
        left = sorted(path.name for path in folder.iterdir() if path.suffix not in (".py", ""))
        assert set(left) <= {"report.xml", "report.jsonl"}, f"left behind: {left}"
    print(f"{kills} passed, killed after {min(numbers)} to {max(numbers)} tests")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
