"""A plugin that writes what a run did, one JSON line an event; loaded by pytest and by fastest alike."""

import json
import os
import re

_FILE = os.environ["PARITY_RECORD"]
_OWN = re.compile(r"/(_pytest|pluggy|fastest)/")
_ADDRESS = re.compile(r"0x[0-9a-f]+")


def _write(**entry):
    with open(_FILE, "a", encoding="utf-8") as file:
        file.write(json.dumps(entry, default=repr) + "\n")


def _text(longrepr):
    crash = getattr(longrepr, "reprcrash", None)
    if crash is not None:
        return _ADDRESS.sub("0x", crash.message)
    if isinstance(longrepr, tuple):
        place = ["the runner"] if _OWN.search(longrepr[0]) else [os.path.basename(longrepr[0]), longrepr[1]]
        return [*place, longrepr[2]]
    return _ADDRESS.sub("0x", str(longrepr)) if longrepr else None


def pytest_collectreport(report):
    if report.outcome != "passed":
        _write(event="collect", id=report.nodeid, outcome=report.outcome, text=_text(report.longrepr))


def pytest_collection_finish(session):
    items = [[i.nodeid, i.location[0], i.location[1], i.location[2]] for i in session.items]
    _write(event="items", items=items, keywords=[sorted(k for k in i.keywords if k) for i in session.items])


def pytest_deselected(items):
    _write(event="deselected", items=[i.nodeid for i in items])


def pytest_runtest_logreport(report):
    _write(
        event="report",
        id=report.nodeid,
        when=report.when,
        outcome=report.outcome,
        wasxfail=getattr(report, "wasxfail", None),
        text=_text(report.longrepr),
        sections=[list(s) for s in report.sections],
        properties=[list(p) for p in report.user_properties],
    )


def pytest_warning_recorded(warning_message, when, nodeid):
    name = type(warning_message.message).__name__
    _write(event="warning", id=nodeid, when=when, category=name, text=str(warning_message.message))


def pytest_sessionfinish(session, exitstatus):
    _write(event="end", status=int(exitstatus), failed=session.testsfailed, collected=session.testscollected)
