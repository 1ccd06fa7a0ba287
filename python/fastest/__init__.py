"""fastest: runs what runs on pytest 9.2, with an engine in C++."""

__version__ = "0.1.0"

TYPE_CHECKING = False  # typing's own would import typing
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from pytest import ExitCode


def main(args: "list[str] | os.PathLike[str] | None" = None, plugins: "Sequence[str | object] | None" = None) -> "int | ExitCode":
    """Run tests in this process, as `pytest.main` does.

    :param args: a list of command line arguments or one path; `sys.argv[1:]` when None.
    :param plugins: plugin objects or importable names to register.
    :returns: the exit code, an `ExitCode` or int. Never exits the process.
    """
    from fastest import facade

    facade.install()
    facade.put_modules()
    from _pytest.config import main as run

    return run(args, plugins)
