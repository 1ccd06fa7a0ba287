import pytest

from shop.warehouse import Warehouse


@pytest.fixture(scope="session")
def catalogue():
    """Item to net price and kind."""
    return {"hammer": (1500, "tools"), "novel": (1200, "books"), "saw": (2100, "tools")}


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    return tmp_path_factory.mktemp("shop") / "stock.db"


@pytest.fixture
def warehouse(request):
    """An empty one, or with the levels of the mark `stock`."""
    warehouse = Warehouse()
    for mark in request.node.iter_markers("stock"):
        for item, level in mark.kwargs.items():
            warehouse.put(item, level)
    yield warehouse
    warehouse.close()
