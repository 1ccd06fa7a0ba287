import pytest as pytest
from _pytest.config import Config as Config
from _pytest.config import ExitCode as ExitCode
from _pytest.config.argparsing import Parser as Parser
from _pytest.fixtures import FixtureDef as FixtureDef
from _pytest.fixtures import SubRequest as SubRequest

def pytest_addoption(parser: Parser) -> None: ...
def pytest_cmdline_main(config: Config) -> int | ExitCode | None: ...
def pytest_fixture_setup(fixturedef: FixtureDef[object], request: SubRequest) -> object | None: ...
