import asyncio
import unittest

import helper
import pytest


@pytest.mark.parametrize("number", [1, -1, 0])
def test_sign(number):
    assert helper.sign(number) == (1 if number > 0 else -1 if number < 0 else 0)


def test_summed(either, finalized):
    assert helper.summed(finalized) == 102 and either in ("one", "other"), "message"


@pytest.mark.skip
def test_skipped():
    never = 1
    assert never


def test_fails():
    first = helper.summed(2)
    assert first == 5, f"not {first}"
    never = 2
    assert never


def test_raises():
    with pytest.raises(RuntimeError):
        helper.guarded(lambda: {}["nothing"])
        assert 0
    assert helper.guarded(lambda: int("x")) == "value"
    for never in []:
        assert never


def test_async():
    assert asyncio.run(helper.counted(2)) == 0


def test_generators():
    assert list(helper.numbers(2)) == [0, 1]
    generator = helper.numbers(3)
    next(generator)
    with pytest.raises(StopIteration):
        generator.send(1)


def test_thread():
    assert helper.in_thread(3) == [3]


def test_picked():
    assert helper.picked(1) == "one"
    assert all(helper.picked([1, number]) == number + 1 for number in (1, 2))


class TestMethods:
    def setup_method(self):
        self.thing = helper.Thing()

    def teardown_method(self):
        del self.thing

    def test_method(self):
        assert self.thing.read() == ""


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = 2

    def setUp(self):
        self.value = 1

    def tearDown(self):
        self.value = 2

    def test_subtest(self):
        with self.subTest(number=1):
            self.assertEqual(self.value, 1)
        self.addCleanup(helper.sign, 1)

    @unittest.expectedFailure
    def test_expected(self):
        assert 0


class Later(unittest.IsolatedAsyncioTestCase):
    async def test_later(self):
        await asyncio.sleep(0)
        assert self


def test_fixtures(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(helper.Thing, "kind", "patched")
    print(1)
    shown = capsys.readouterr().out
    assert shown == "1\n"
    try:
        assert shown == tmp_path
    except AssertionError:
        caught = 1
    else:
        caught = 2
    assert caught


@pytest.mark.xfail
def test_xfail():
    assert helper.sign(1) == 2
