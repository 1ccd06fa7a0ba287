import os
import subprocess

import pytest

WHO = """
import importlib.metadata, pytest, pluggy, _pytest
names = [module.__file__.split("/fastest/compat/")[-1] for module in (pytest, pluggy, _pytest)]
print(*names, importlib.metadata.version("pytest"), importlib.metadata.version("pluggy"))
"""
FASTEST = "pytest/__init__.py pluggy/__init__.py _pytest/__init__.py 9.2.0 1.7.0\n"

SUITE = """
import multiprocessing, pytest, subprocess, sys

def who(): return pytest.__file__

def test_children():
    assert "/fastest/compat/" in who()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(who) == who()
    for flags in ([], ["-I"], ["-E"], ["-s"]):
        ask = [sys.executable, *flags, "-c", "import pytest; print(pytest.__file__, end='')"]
        assert subprocess.check_output(ask, text=True, env={}) == who()
"""


@pytest.fixture
def suite(tmp_path):
    (tmp_path / "test_children.py").write_text(SUITE)
    return tmp_path


def test_off_is_what_was_before(environment):
    before, imported = environment.files(), environment.start("python", "-c", "import pytest; print(pytest.__file__)")
    assert "fastest" not in imported.stdout
    environment.takeover("on")
    environment.run("python", "-c", WHO)
    environment.takeover("off")
    assert environment.files() == before
    again = environment.start("python", "-c", "import pytest; print(pytest.__file__)")
    assert (again.returncode, again.stdout) == (imported.returncode, imported.stdout)


@pytest.mark.parametrize("flags", [(), ("-I",), ("-E",), ("-s",), ("-W", "error")], ids=" ".join)
def test_names_and_metadata(environment, flags):
    environment.takeover("on")
    assert environment.run("python", *flags, "-c", WHO) == FASTEST


@pytest.mark.parametrize("command", [["pytest"], ["py.test"], ["python", "-m", "pytest"], ["python", "-I", "-m", "pytest"], ["fastest"]], ids=" ".join)
def test_programs(environment, command, suite):
    environment.takeover("on")
    assert "\n1 passed in " in environment.run(*command, "-q", "-p", "no:cacheprovider", cwd=suite)


CALLS_CONSOLE_MAIN = """
import pytest

def test_deprecated(monkeypatch):
    monkeypatch.setattr("_pytest.config._console_main", lambda: 0)
    with pytest.warns(pytest.PytestRemovedIn10Warning, match="console_main.* is deprecated"):
        pytest.console_main()
"""


def test_only_scripts_call_console_main_in_silence(environment, tmp_path):
    environment.takeover("on")
    (tmp_path / "test_a.py").write_text(CALLS_CONSOLE_MAIN)
    assert "\n1 passed in " in environment.run("pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)


def test_metadata_of_the_real_ones(environment):
    environment.takeover("on")
    ask = """
import importlib.metadata as metadata
print(sorted({(point.name, point.value) for point in metadata.entry_points(group="console_scripts") if "pytest" in point.value}))
print(sorted(name for name, owners in metadata.packages_distributions().items() if {"pytest", "pluggy"} & set(owners)))
print(metadata.distribution("pytest").metadata["Name"], metadata.requires("pytest")[1])
"""
    assert environment.run("python", "-c", ask).splitlines() == [
        "[('py.test', '_pytest.config:_console_main'), ('pytest', '_pytest.config:_console_main')]",
        "['_pytest', 'pluggy', 'py', 'pytest']",
        "pytest iniconfig>=2",
    ]


def test_twice_is_as_once(environment):
    first = environment.takeover("on")
    files = environment.files()
    assert environment.takeover("on") == first == environment.takeover("status")
    assert environment.files() == files


def test_status_tells(environment):
    off = environment.takeover("status")
    assert off.startswith(f"takeover is off for {environment.bin}/python")
    on = environment.takeover("on")
    assert on.startswith(f"takeover is on: pytest is fastest for {environment.bin}/python")
    assert environment.takeover("off").endswith(off)


def test_an_installer_replaces_scripts_meanwhile(make, suite):
    environment = make("meanwhile")
    environment.takeover("on")
    environment.pip("install", "pytest==8.3.3")
    assert environment.run("python", "-c", WHO) == FASTEST
    assert "\n1 passed in " in environment.run("pytest", "-q", "-p", "no:cacheprovider", cwd=suite)
    assert "untouched: it imports pytest, which is fastest" in environment.takeover("status")
    script = (environment.bin / "pytest").read_bytes()
    environment.takeover("off")
    assert (environment.bin / "pytest").read_bytes() == script
    assert environment.run("pytest", "--version") == "pytest 8.3.3\n"

    environment.takeover("on")
    environment.pip("uninstall", "-y", "pytest", "pluggy")
    assert "missing: `fastest takeover on` makes it again" in environment.takeover("status")
    environment.takeover("on")
    assert environment.run("pytest", "--version") == "pytest 9.2.0\n"

    environment.pip("uninstall", "-y", "fastest")
    assert environment.run("python", "-c", "print('nothing to see')") == "nothing to see\n"


def test_by_the_interpreter(alone):
    on = alone.run("python", "-m", "fastest", "takeover", "on")
    assert on == alone.takeover("status")
    assert alone.run("python", "-m", "fastest", "takeover", "off").startswith("  removed ")


def test_words_that_are_no_command(alone, tmp_path):
    result = alone.start("fastest", "takeover", "perhaps", cwd=tmp_path)
    assert (result.returncode, result.stderr[:14]) == (4, "usage: fastest")
    assert "on|off|status" in alone.run("fastest", "takeover", "--help")
    (tmp_path / "takeover").mkdir()
    (tmp_path / "takeover" / "test_a.py").write_text("def test_a(): pass")
    assert "\n1 passed in " in alone.run("fastest", "-q", "-p", "no:cacheprovider", "takeover", cwd=tmp_path)


def test_an_environment_without_fastest(alone, make, tmp_path):
    other = tmp_path / "other"
    alone.run("python", "-m", "venv", "--without-pip", other)
    result = alone.start("fastest", "--python", other / "bin" / "python", "takeover", "on")
    assert result.returncode == 4
    assert result.stderr == f"ERROR: {other}/bin/python has no fastest; install it with `{other}/bin/python -m pip install fastest`\n"


@pytest.mark.parametrize("name", ["a b", "ä" * 70, 'it has "quotes" and $HOME and `ls`', "it's $HOME \"here\""], ids=["space", "long", "quotes", "apostrophe"])
def test_folders_with_unusual_names(alone, tmp_path, suite, name):
    other = tmp_path / name / "env"
    alone.run("python", "-m", "venv", "--without-pip", other)
    alone.run("python", "-m", "pip", "-q", "--python", other / "bin" / "python", "install", os.environ["FASTEST_WHEEL"])
    before = sorted(path.name for path in (other / "bin").iterdir())
    alone.run(other / "bin" / "fastest", "takeover", "on")
    for program in ("pytest", "py.test"):
        assert "\n1 passed in " in alone.run(other / "bin" / program, "-q", "-p", "no:cacheprovider", cwd=suite)
    alone.run(other / "bin" / "fastest", "takeover", "off")
    assert sorted(path.name for path in (other / "bin").iterdir()) == before


def test_an_environment_that_sees_another_ones_packages(alone, tmp_path):
    child, user = tmp_path / "child", tmp_path / "user"
    alone.run("python", "-m", "venv", "--system-site-packages", child)
    variables = {**alone.variables, "PYTHONUSERBASE": str(user)}

    def start(*command):
        return subprocess.run(command, capture_output=True, text=True, env=variables)

    install = start(child / "bin" / "python", "-m", "pip", "-q", "install", "--user", "--no-warn-script-location", os.environ["FASTEST_WHEEL"])
    assert install.returncode == 0, install.stderr
    files = sorted(user.rglob("*.pth")) + sorted((user / "bin").iterdir())
    result = start(user / "bin" / "fastest", "--python", child / "bin" / "python", "takeover", "on")
    assert (result.returncode, result.stderr[:23]) == (4, "ERROR: the fastest that")
    assert sorted(user.rglob("*.pth")) + sorted((user / "bin").iterdir()) == files


def test_a_folder_that_is_no_environment(alone, tmp_path):
    other, folder = tmp_path / "other", tmp_path / "folder"
    alone.run("python", "-m", "venv", "--without-pip", other)
    alone.pip("install", "--target", folder, os.environ["FASTEST_WHEEL"])
    variables = {**alone.variables, "PYTHONPATH": str(folder)}
    command = [folder / "bin" / "fastest", "--python", other / "bin" / "python", "takeover", "on"]
    result = subprocess.run(command, capture_output=True, text=True, env=variables)
    assert result.returncode == 4
    assert "is not installed in a site folder of" in result.stderr
