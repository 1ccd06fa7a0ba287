"""Fresh environments with fastest, from the wheel that FASTEST_WHEEL names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What an outer run or a machine of a CI tells its children must not reach the programs under test.
FOREIGN = ("FASTEST_", "PYTEST_", "PYTHON", "PIP_", "VIRTUAL_ENV", "CI", "BUILD_NUMBER", "GITHUB_")
FROM_THE_INDEX = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT", "PIP_CONFIG_FILE")


class Environment:
    def __init__(self, folder, *requirements):
        self.folder = Path(folder)
        self.bin = self.folder / "bin"
        self.variables = {name: value for name, value in os.environ.items() if name in FROM_THE_INDEX or not name.startswith(FOREIGN)}
        self.variables |= {"PYTHONDONTWRITEBYTECODE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, env=self.variables)
        self.pip("install", os.environ["FASTEST_WHEEL"], *requirements)

    def pip(self, *arguments):
        return self.run("python", "-m", "pip", "-q", *arguments)

    def start(self, program, *arguments, cwd=None):
        command = [str(self.bin / program), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=cwd or self.folder, env=self.variables, stdin=subprocess.DEVNULL)

    def run(self, program, *arguments, cwd=None):
        """The standard output of a program that must end well and write no errors."""
        result = self.start(program, *arguments, cwd=cwd)
        assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr
        return result.stdout

    def takeover(self, wish):
        return self.run("fastest", "takeover", wish)

    def files(self):
        """Every file's contents, of scripts and start files; that of others is not ours to change."""
        found = {}
        for path in self.folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                small = path.parent == self.bin or path.suffix == ".pth"
                found[str(path.relative_to(self.folder))] = path.read_bytes() if small else None
        return found


@pytest.fixture(scope="session")
def make(tmp_path_factory):
    return lambda name, *requirements: Environment(tmp_path_factory.mktemp(name) / "env", *requirements)


@pytest.fixture(scope="session")
def alone(make):
    """fastest and no pytest."""
    return make("alone")


@pytest.fixture(scope="session")
def older(make):
    """An older real pytest beside fastest."""
    return make("older", "pytest==8.3.3")


@pytest.fixture(params=["alone", "older"])
def environment(request):
    found = request.getfixturevalue(request.param)
    found.takeover("off")
    return found
