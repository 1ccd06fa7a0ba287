"""What the `fastest` program runs in the environment's Python: `python start.py PROGRAM [arguments]`.

Leaves `sys.argv` and `sys.path` as a script `PROGRAM` would have them.
"""

import sys


def run():
    """Run the tests of this command line and exit with the run's exit code."""
    program = sys.argv[1]
    sys.argv[:2] = [program]
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = program.rpartition("/")[0]
    try:
        from fastest import facade
    except ImportError as error:
        if error.name not in ("fastest", "fastest.facade"):
            raise
        sys.exit(f"ERROR: {sys.executable} has no fastest; install it with `{sys.executable} -m pip install fastest`")
    facade.install()
    facade.put_modules()
    from fastest._engine import config

    sys.exit(config._console_main())


if __name__ == "__main__":
    run()
