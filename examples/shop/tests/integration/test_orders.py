import logging

import pytest

from shop.orders import Order
from shop.warehouse import OutOfStock


class TestPlacing:
    def test_takes_from_stock(self, filled, catalogue, item):
        net, kind = catalogue[item]
        before = filled.level(item)
        Order().add(item, 2, net, kind).place(filled)
        assert filled.level(item) == before - 2

    def test_all_or_nothing(self, filled, caplog):
        before = filled.level("hammer")
        order = Order().add("hammer", 1, 1500).add("saw", 1000, 2100)
        with caplog.at_level(logging.WARNING), pytest.raises(OutOfStock):
            order.place(filled)
        assert filled.level("hammer") == before
        assert caplog.messages == ["order of 2 lines given back"]


def test_total_is_approximately_right(catalogue):
    order = Order().add("hammer", 3, *catalogue["hammer"]).add("novel", 1, *catalogue["novel"])
    assert order.total() / 100 == pytest.approx(66.39, abs=0.01)


def test_opened_once(events, shared_warehouse):
    assert events == ["open"]


@pytest.mark.slow
@pytest.mark.skipif("not config.getoption('--folders')", reason="counts folders")
def test_slow(capsys):
    print("done")
    assert capsys.readouterr().out == "done\n"
