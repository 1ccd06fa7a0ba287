"""How operators are written in explanations of asserts."""

import ast


def binary():
    signs = {
        "BitOr": "|", "BitXor": "^", "BitAnd": "&", "LShift": "<<", "RShift": ">>", "Add": "+", "Sub": "-", "Mult": "*",
        "Div": "/", "FloorDiv": "//", "Mod": "%%", "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=",
        "Pow": "**", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in", "MatMult": "@",
    }  # fmt: skip
    return {getattr(ast, name): sign for name, sign in signs.items()}


def unary():
    return {ast.Not: "not %s", ast.Invert: "~%s", ast.USub: "-%s", ast.UAdd: "+%s"}
