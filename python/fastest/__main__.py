"""`python -m fastest`: the same as the `fastest` program, in this interpreter."""

if __name__ == "__main__":
    import sys

    from fastest import facade

    facade.install()
    facade.put_modules()
    from fastest._engine import config

    sys.exit(config._console_main())
