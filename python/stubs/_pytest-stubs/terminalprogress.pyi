from _pytest.config import Config as Config
from _pytest.terminal import TerminalProgressPlugin as TerminalProgressPlugin, TerminalReporter as TerminalReporter

def pytest_configure(config: Config) -> None: ...
