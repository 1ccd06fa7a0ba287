"""Ini files and command lines."""

from __future__ import annotations

import random

from bodies import Names

SETTINGS = {  # name -> values as lists of words; one value is written as one line
    "addopts": (
        ["-ra"],
        ["-q"],
        ["-v"],
        ["--strict-markers"],
        ["-p", "no:cacheprovider"],
        ["--tb=short"],
        ["--import-mode=importlib"],
        ["--doctest-modules"],
        ["-rA", "--color=no"],
        ["--maxfail=2"],
    ),
    "python_files": (["test_*.py", "check_*.py"], ["*.py"], ["test_*.py"], ["*_test.py", "unit/*.py"], ["check_*"], ["pkg/*", "test_one.py"]),
    "python_classes": (["Test", "Other"], ["*"], ["Test*", "Oth*"], ["Nothing"]),
    "python_functions": (["test", "check"], ["test_*"], ["*"], ["test_[a-d]*"]),
    "testpaths": (["unit", "pkg"], ["."], ["nowhere"], ["*/deep", "unit"]),
    "markers": (["slow: slow ones", "fast(n): fast ones"], ["slow"], ["unknown_mark: known"]),
    "xfail_strict": (["true"], ["false"]),
    "console_output_style": (["progress"], ["count"], ["classic"], ["progress-even-when-capture-no"]),
    "norecursedirs": (["deep"], ["inner", "odd*"], [".*"]),
    "usefixtures": (["f0"], ["f1", "f2"]),
    "filterwarnings": (["error"], ["ignore"], ["error::UserWarning", "ignore:.*old.*:DeprecationWarning"], ["default"]),
    "log_cli": (["true"],),
    "log_level": (["INFO"], ["DEBUG"]),
    "log_format": (["%(levelname)s|%(message)s"],),
    "junit_family": (["xunit1"], ["xunit2"]),
    "junit_logging": (["all"], ["system-out"]),
    "consider_namespace_packages": (["true"],),
    "empty_parameter_set_mark": (["skip"], ["xfail"], ["fail_at_collect"]),
    "strict": (["true"],),
    "strict_markers": (["true"],),
    "strict_config": (["true"],),
    "strict_parametrization_ids": (["true"],),
    "strict_xfail": (["true"],),
    "minversion": (["9.0"], ["99"]),
    "required_plugins": (["pytest-absent"],),
    "doctest_optionflags": (["ELLIPSIS"], ["NORMALIZE_WHITESPACE", "NUMBER"]),
    "verbosity_assertions": (["2"],),
    "verbosity_test_cases": (["2"], ["-1"]),
    "verbosity_subtests": (["1"],),
    "truncation_limit_lines": (["2"],),
    "tmp_path_retention_policy": (["none"], ["failed"]),
    "cache_dir": ([".elsewhere"],),
    "confcutdir": (["."],),
    "enable_assertion_pass_hook": (["true"],),
    "collect_imported_tests": (["false"],),
    "pythonpath": (["."], ["unit", "pkg"]),
    "disable_test_id_escaping_and_forfeit_all_rights_to_community_support": (["true"],),
    "nonsense_setting": (["1"],),
    "max_warnings": (["1"],),
    "faulthandler_timeout": (["0"],),
}
RARE = ("minversion", "required_plugins", "strict_config", "nonsense_setting", "testpaths", "strict")
LISTS = (
    "addopts",
    "python_files",
    "python_classes",
    "python_functions",
    "testpaths",
    "markers",
    "norecursedirs",
    "usefixtures",
    "filterwarnings",
    "pythonpath",
    "doctest_optionflags",
    "required_plugins",
)
BY_LINE = ("markers", "filterwarnings", "required_plugins")


def ini_file(draw: random.Random) -> tuple[str, list[str]]:
    """A configuration file's name and its blocks: a section, a setting each."""
    names = draw.sample(sorted(SETTINGS), draw.choice((0, 1, 2, 2, 3, 4, 6)))
    names = [name for name in names if name not in RARE or draw.random() < 0.3]
    values = {name: draw.choice(SETTINGS[name]) for name in names}
    file = draw.choice(("pytest.ini", "pytest.ini", "pyproject.toml", "pyproject.toml", "tox.ini", "setup.cfg", ".pytest.ini", "pytest.toml"))
    if file == "pytest.toml":
        return file, ["[pytest]", *(f"{name} = {toml(name, words)}" for name, words in values.items())]
    if file == "pyproject.toml":
        if draw.random() < 0.5:
            return file, ["[tool.pytest]", *(f"{name} = {toml(name, words)}" for name, words in values.items())]
        return file, ["[tool.pytest.ini_options]", *(f"{name} = {ini_toml(draw, name, words)}" for name, words in values.items())]
    section = "[tool:pytest]" if file == "setup.cfg" else "[pytest]"
    return file, [section, *(f"{name} = {ini_text(draw, name, words)}" for name, words in values.items())]


def ini_text(draw: random.Random, name: str, words: list[str]) -> str:
    if name in BY_LINE or (name in LISTS and name != "addopts" and draw.random() < 0.4):
        return "".join(f"\n    {word}" for word in words)
    return " ".join(words)


def quoted(text: str) -> str:
    return f"'{text}'"


def ini_toml(draw: random.Random, name: str, words: list[str]) -> str:
    if name in LISTS and (name in BY_LINE or draw.random() < 0.6):
        return "[" + ", ".join(map(quoted, words)) + "]"
    if words[0] in ("true", "false") and draw.random() < 0.5:
        return words[0]
    return quoted(" ".join(words))


def toml(name: str, words: list[str]) -> str:
    if name in LISTS:
        return "[" + ", ".join(map(quoted, words)) + "]"
    return words[0] if words[0] in ("true", "false") or words[0].lstrip("-").isdigit() else quoted(words[0])


def options(text: str) -> list[list[str]]:
    return [option.split() for option in text.replace("\n", " ").split(" | ")]


OPTIONS = options("""
-v | -vv | -q | -qq | -x | --maxfail=2 | -s | --capture=sys | --capture=tee-sys | -rA | -ra | -rxXs | -rN | --tb=short | --tb=line | --tb=native |
--tb=no | --tb=long | --tb=auto | -l | --lf | --ff | --nf | --sw | --sw-skip | --lfnf=none --lf | --co | --co -q | --co -qq | --co -v | --setup-show |
--setup-only | --setup-plan | --markers | -p no:terminal | -p no:cacheprovider | -p no:logging | -p no:warnings | -p no:doctest | -p no:unittest | -p
no:skipping | -p no:capture | -p no:python | -p no:fixtures | -p no:subtests | -p no:assertion | -W error | -W ignore | -W error::DeprecationWarning |
--strict-markers | --strict-config | --strict | --junitxml=report.xml | --junitxml=out/r.xml --junitprefix=pre | --runxfail |
--no-header | --no-summary | --show-capture=no | --show-capture=stdout | --color=yes | --import-mode=importlib | --import-mode=append | --assert=plain
| --doctest-modules | --doctest-glob=*.txt | --doctest-continue-on-failure --doctest-modules | --continue-on-collection-errors | --noconftest |
--keep-duplicates | --collect-in-virtualenv | --rootdir=unit | -c pytest.ini | --disable-warnings | --log-level=DEBUG | --log-cli-level=INFO |
--log-file=log.txt | --cache-clear | --cache-show | --basetemp=base | --ignore=unit | --ignore-glob=*two* | --xfail-tb | --fold-skipped |
--no-fold-skipped | --force-short-summary | --code-highlight=no | --capture=no -v | --confcutdir=unit | -h | --version | --mine | --nonsense |
--max-warnings=1 | --stepwise-reset | -o xfail_strict=true | -o console_output_style=count | -o python_functions=test | -o nonsense=1 |
--override-ini=markers=slow | --pythonwarnings=default | --no-showlocals | --show-capture=all -rP
""")
RARE_OPTIONS = options("""
-h | --version | --mine | --nonsense | --markers | -p no:python | -p no:fixtures | --cache-show | -p no:terminal | -c pytest.ini
""")
KEYWORDS = (
    "alpha",
    "not alpha",
    "alpha or beta",
    "test_one and not slow",
    "TestA",
    "f0",
    "one or two",
    "beta and",
    "(gamma",
    "not (alpha or beta)",
    "p",
    "1",
    "ALPHA",
    "test_one.py",
    "'",
    "a[b",
)
MARK_EXPRESSIONS = ("slow", "not slow", "slow or fast", "fast(key='v')", "fast(key=1)", "xfail", "slow and not skip", "unknown_mark", "slow(", "parametrize")


def command_line(draw: random.Random, paths: list[str], names: Names) -> list[str]:
    words: list[str] = []
    for _ in range(draw.choice((0, 1, 1, 2, 2, 3))):
        option = draw.choice(OPTIONS)
        if option in RARE_OPTIONS and draw.random() < 0.7:
            continue
        words += option
    if draw.random() < 0.15:
        words += ["-k", draw.choice(KEYWORDS)]
    if draw.random() < 0.12:
        words += ["-m", draw.choice(MARK_EXPRESSIONS)]
    if draw.random() < 0.3:
        words += [target(draw, paths, names) for _ in range(draw.choice((1, 1, 2, 3)))]
    if draw.random() < 0.06:
        words += ["--deselect", target(draw, paths, names)]
    return words


def target(draw: random.Random, paths: list[str], names: Names) -> str:
    path = draw.choice(paths)
    how = draw.random()
    if how < 0.3:
        return path
    if how < 0.5:
        return path.rpartition("/")[0] or "."
    if how < 0.7:
        return f"{path}::{draw.choice(names.tests)}"
    if how < 0.85:
        return f"{path}::{draw.choice(names.classes)}" + draw.choice(("", f"::{draw.choice(names.tests)}"))
    if how < 0.95:
        return f"{path}::{draw.choice(names.tests)}[{draw.choice(('1', 'a', '1-2', 'i', 'x0', ''))}]"
    return draw.choice(("nowhere.py", "nowhere::test_x", path + "::", path + "::TestA::", "--", "./" + path, path + "::test_alpha[1", "unit//"))
