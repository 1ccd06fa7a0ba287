from argparse import ArgumentParser
from typing import Any

filescompleter: FastFilesCompleter | None

class FastFilesCompleter:
    directories: bool
    def __init__(self, directories: bool = True) -> None: ...
    def __call__(self, prefix: str, **kwargs: Any) -> list[str]: ...

def try_argcomplete(parser: ArgumentParser) -> None: ...
