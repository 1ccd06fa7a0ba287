"""Captured output and log lines."""

from __future__ import annotations

import logging

import pytest


def test_output(capsys: pytest.CaptureFixture[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    out, err = capsys.readouterr()
    reveal_type(out)
    reveal_type(capsys.readouterr().err)
    reveal_type(capfdbinary.readouterr())
    reveal_type(capfdbinary.readouterr().out)
    with capsys.disabled():
        print()


def test_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="name"), caplog.filtering(logging.Filter("x")):
        logging.info("text")
    caplog.set_level("DEBUG")
    reveal_type(caplog.text)
    reveal_type(caplog.records)
    reveal_type(caplog.record_tuples)
    reveal_type(caplog.messages)
    reveal_type(caplog.handler)
    reveal_type(caplog.get_records("setup"))
    caplog.clear()
