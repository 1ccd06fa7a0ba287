import pytest

from shop.warehouse import OutOfStock


class TestLevels:
    def test_empty(self, warehouse):
        assert warehouse.level("hammer") == 0

    @pytest.mark.stock(hammer=3)
    def test_filled(self, warehouse):
        warehouse.put("hammer", 2)
        assert warehouse.level("hammer") == 5

    @pytest.mark.stock(hammer=1)
    def test_out_of_stock(self, warehouse):
        with pytest.raises(OutOfStock) as caught:
            warehouse.take("hammer", 2)
        assert str(caught.value) == "hammer: 2 wanted, 1 there"


def test_environment(monkeypatch):
    import os

    assert os.environ["LC_ALL"] == "C"
