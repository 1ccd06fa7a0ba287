"""A plugin of the project's own: notes how many tests ran in each folder, and says so at the end."""

from collections import Counter

import pytest


class Folders:
    def __init__(self):
        self.counts = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if report.when == "call":
            self.counts[item.path.parent.name] += 1
        return report

    def pytest_terminal_summary(self, terminalreporter):
        for name, count in sorted(self.counts.items()):
            terminalreporter.write_line(f"{name}: {count} tests ran")


def pytest_addoption(parser):
    parser.getgroup("shop").addoption("--folders", action="store_true", help="count the tests of each folder")


def pytest_configure(config):
    if config.getoption("--folders"):
        config.pluginmanager.register(Folders(), "folders")
