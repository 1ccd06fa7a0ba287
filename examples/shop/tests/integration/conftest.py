import pytest

from shop.warehouse import Warehouse

EVENTS = []


@pytest.fixture(scope="package")
def events():
    yield EVENTS
    EVENTS.clear()


@pytest.fixture(scope="module")
def shared_warehouse(database, events):
    warehouse = Warehouse(str(database))
    events.append("open")
    yield warehouse
    events.append("close")
    warehouse.close()


@pytest.fixture(scope="class")
def filled(shared_warehouse, catalogue):
    for item in catalogue:
        shared_warehouse.put(item, 10)
    return shared_warehouse


@pytest.fixture(params=["hammer", "novel"])
def item(request):
    return request.param
