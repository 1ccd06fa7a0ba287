"""Fixtures: definitions, requests, and the manager that knows them all."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import fixtures as _engine

for _name in (
    "FixtureDef FixtureFunctionDefinition FixtureFunctionMarker FixtureLookupError FixtureLookupErrorRepr FixtureManager "
    "FixtureRequest FuncFixtureInfo ParamArgKey ParamValueKey RequestFixtureDef SubRequest TopRequest "
    "_eval_scope_callable _get_direct_parametrize_args _get_fixtures_per_test _pretty_fixture_path "
    "_resolve_args_directness _show_fixtures_per_test _showfixtures_main _teardown_yield_fixture call_fixture_func "
    "deduplicate_names fixture get_param_argkeys get_scope_node get_scope_package getfixturemarker "
    "is_visibility_more_specific pytest_addoption pytest_cmdline_main pytest_fixture_setup pytest_sessionstart "
    "register_fixture reorder_items resolve_fixture_function show_fixtures_per_test showfixtures "
    "traverse_fixture_closure write_docstring yield_fixture"
).split():
    globals()[_name] = getattr(_engine, _name)
del _name

from _pytest.scope import HIGH_SCOPES, Scope

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)


@fixture(scope="session")
def pytestconfig(request: FixtureRequest) -> Config:
    """The run's :class:`pytest.Config`: options, ini values, plugins.

    .. code-block:: python

        def test_foo(pytestconfig):
            if pytestconfig.get_verbosity() > 0:
                ...
    """
    return request.config


def _resolve_for_setup(fixturedef, request):
    """The function of a fixture that is a method of an instance. Here, because a warning shows the line."""
    fixturefunc = resolve_fixture_function(fixturedef, request)
    return fixturefunc


def _refuse_empty(generators, request):
    """Refuse generators that ended without a value. Here, because reports show these lines."""
    for generator in generators:
        if generator.gi_frame is None:
            raise ValueError(f"{request.fixturename} did not yield a value")
