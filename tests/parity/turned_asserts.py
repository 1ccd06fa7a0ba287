"""Asserts of a Python file, turned round: what was asked to be equal must differ, and so on."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

TURNED = {"==": "!=", "<": ">=", ">": "<=", "in": "not in", "is": "is not"}
TURNED |= {new: old for old, new in TURNED.items()}
OPERATORS = {"Eq": "==", "NotEq": "!=", "Lt": "<", "GtE": ">=", "Gt": ">", "LtE": "<=", "In": "in", "NotIn": "not in", "Is": "is", "IsNot": "is not"}
METHODS = {"assertEqual": "assertNotEqual", "assertTrue": "assertFalse", "assertIn": "assertNotIn", "assertIs": "assertIsNot", "assertIsNone": "assertIsNotNone"}
METHODS |= {new: old for old, new in METHODS.items()}
COUNTS = ("assert_outcomes", "assertoutcome")  # pytester's


@dataclasses.dataclass(frozen=True)
class Edit:
    """Bytes of a file and what to put there."""

    path: Path
    start: int
    end: int
    text: bytes

    def applied(self, data: bytes) -> bytes:
        return data[: self.start] + self.text + data[self.end :]


class Source:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        self.lines = [0]
        for line in self.data.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def begin(self, node: ast.expr) -> int:
        return self.lines[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr) -> int:
        return self.lines[node.end_lineno - 1] + node.end_col_offset

    def edits(self) -> Iterator[Edit]:
        """One for each assert that can be turned round."""
        for node in ast.walk(ast.parse(self.data)):
            if isinstance(node, ast.Assert):
                yield self.turned_operator(node.test) or self.negated(node.test)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                end = self.end(node.func)
                yield Edit(self.path, end - len(node.func.attr), end, METHODS[node.func.attr].encode())
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COUNTS:
                yield from (self.one_more(keyword.value) for keyword in node.keywords if isinstance(keyword.value, ast.Constant))

    def turned_operator(self, test: ast.expr) -> Edit | None:
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return None
        start, end = self.end(test.left), self.begin(test.comparators[0])
        operator = OPERATORS[type(test.ops[0]).__name__]
        pattern = rb"\s+".join(re.escape(word.encode()) for word in operator.split())
        text, count = re.subn(pattern, TURNED[operator].encode(), self.data[start:end])
        return Edit(self.path, start, end, text) if count == 1 else None

    def one_more(self, count: ast.Constant) -> Edit:
        return Edit(self.path, self.begin(count), self.end(count), f"{count.value!r} + 1".encode())

    def negated(self, test: ast.expr) -> Edit:
        start, end = self.begin(test), self.end(test)
        return Edit(self.path, start, end, b"not (%b)" % self.data[start:end])


def edits_of(path: Path) -> list[Edit]:
    try:
        return list(Source(path).edits())
    except (SyntaxError, ValueError):  # a file that is data of the tests
        return []
