import unittest

import pytest

from shop import prices


@pytest.mark.parametrize("kind, net, expected", [("books", 100, 107), ("books", 0, 0), ("tools", 100, 119), ("tools", 333, 396)])
def test_gross(kind, net, expected):
    assert prices.gross(net, kind) == expected


@pytest.mark.parametrize("cents", [pytest.param(5, id="small"), pytest.param(123456, id="large")])
@pytest.mark.parametrize("sign", ["", pytest.param("-", marks=pytest.mark.xfail(reason="negative prices are not shown yet"))])
def test_show(sign, cents):
    assert prices.show(int(f"{sign}{cents}")) == f"{sign}{cents // 100}.{cents % 100:02}"


def test_unknown_kind():
    with pytest.raises(KeyError, match="toys"):
        prices.gross(1, "toys")


def test_old_list_warns():
    with pytest.warns(DeprecationWarning, match="old price list"):
        assert prices.from_old_list("12,50") == 1250


class OldList(unittest.TestCase):
    def test_whole(self):
        self.assertEqual(prices.from_old_list("12"), 1200)

    def test_many(self):
        for text, cents in {"1,01": 101, "0,99": 99}.items():
            with self.subTest(text=text):
                self.assertEqual(prices.from_old_list(text), cents)
