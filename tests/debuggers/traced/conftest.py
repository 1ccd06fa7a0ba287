import pytest


@pytest.fixture(scope="session")
def made_once():
    yield 1
    gone = 1
    del gone


@pytest.fixture(params=[1, 2])
def either(request, made_once):
    if request.param == made_once:
        yield "one"
    else:
        yield "other"
    gone = 1
    del gone


@pytest.fixture
def finalized(request):
    def last():
        return request

    request.addfinalizer(last)
    return 3


def pytest_collection_modifyitems(items):
    for item in items:
        if item.name == "nothing":
            items.remove(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    try:
        return (yield)
    finally:
        assert item


def pytest_sessionfinish(session):
    if session.exitstatus:
        session.failed = True
    else:
        session.failed = False
