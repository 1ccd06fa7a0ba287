"""`python -m fastest`: the same as the `fastest` program, in this interpreter."""

if __name__ == "__main__":
    import sys

    from fastest import facade

    facade.install()
    from _pytest.config import console_main

    sys.exit(console_main())
