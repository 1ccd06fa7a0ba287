"""`python -m fastest`: the same as the `fastest` program, in this interpreter."""


def main():
    import sys

    if sys.argv[1:] in (["takeover", "on"], ["takeover", "off"], ["takeover", "status"]):
        import os

        from fastest.installation import scripts_folder

        program = os.path.join(scripts_folder(), "fastest")
        if not os.path.exists(program):
            sys.exit(f"ERROR: there is no {program}; install fastest with `{sys.executable} -m pip install fastest`")
        os.execv(program, [program, "--python", sys.executable, *sys.argv[1:]])

    from fastest import facade

    facade.install()
    facade.put_modules()
    from fastest._engine import config

    sys.exit(config._console_main())


if __name__ == "__main__":
    main()
