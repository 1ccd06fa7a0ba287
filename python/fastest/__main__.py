"""`python -m fastest`: the same as the `fastest` program, in this interpreter."""

if __name__ == "__main__":
    import sys

    from fastest import facade

    facade.install()
    from _pytest.config import _console_main

    sys.exit(_console_main())
