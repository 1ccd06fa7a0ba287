"""Blocks of conftests: hooks."""

from __future__ import annotations

import random

OFTEN = '''
def pytest_collection_modifyitems(items):
    items.reverse()
---
def pytest_collection_modifyitems(session, config, items):
    print('modify', len(items))
    items.sort(key=lambda item: item.name)
---
def pytest_collection_modifyitems(config, items):
    config.hook.pytest_deselected(items=items[::3])
    del items[::3]
---
def pytest_collection_modifyitems(items):
    for item in items:
        if 'alpha' in item.nodeid:
            item.add_marker(pytest.mark.xfail(reason='all alphas'))
---
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items[:2]:
        item.add_marker('fast')
        item.user_properties.append(('k', 1))
---
@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    report.sections.append(('extra', report.when))
    return report
---
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.when == 'call' and 'beta' in report.nodeid:
        report.outcome = 'failed'
        report.longrepr = 'betas fail'
---
def pytest_runtest_setup(item):
    if 'gamma' in item.name:
        pytest.skip('no gammas')
---
def pytest_runtest_setup(item):
    print('setting up', item.name)
---
def pytest_runtest_teardown(item, nextitem):
    print('next is', nextitem.name if nextitem else None)
---
def pytest_runtest_call(item):
    print('calling', item.originalname)
---
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    print('before', item.name)
    result = yield
    print('after', item.name)
    return result
---
def pytest_terminal_summary(terminalreporter, exitstatus, config):
    terminalreporter.section('mine')
    terminalreporter.line(f'{int(exitstatus)} {sorted(terminalreporter.stats)}')
---
def pytest_report_header(config, start_path):
    return ['a header', 'another']
---
def pytest_report_collectionfinish(items):
    return f'{len(items)} found'
---
def pytest_ignore_collect(collection_path, config):
    return True if collection_path.name == 'test_two.py' else None
---
collect_ignore = ['test_three.py']
---
collect_ignore_glob = ['*_six.py', 'deep*']
---
class TextFile(pytest.File):
    def collect(self):
        for n, line in enumerate(self.path.read_text().splitlines()):
            yield TextItem.from_parent(self, name=f'line{n}', line=line)

class TextItem(pytest.Item):
    def __init__(self, *, line, **kw):
        super().__init__(**kw)
        self.line = line

    def runtest(self):
        assert self.line != '3'

    def repr_failure(self, excinfo):
        return 'a three'

    def reportinfo(self):
        return self.path, 0, self.name

def pytest_collect_file(file_path, parent):
    if file_path.suffix == '.txt':
        return TextFile.from_parent(parent, path=file_path)
---
def pytest_itemcollected(item):
    if item.name.startswith('test_delta'):
        item.extra_keyword_matches.add('delta')
---
def pytest_make_parametrize_id(config, val, argname):
    return f'{argname}={val}' if isinstance(val, int) else None
---
def pytest_assertrepr_compare(config, op, left, right):
    return ['compared', f'{left!r} {op} {right!r}'] if isinstance(left, int) else None
---
def pytest_report_teststatus(report, config):
    if report.when == 'call' and report.passed:
        return 'passed', '+', 'GOOD'
---
def pytest_report_teststatus(report):
    if report.skipped:
        return 'left out', 'L', ('LEFT', {'purple': True})
---
def pytest_sessionfinish(session, exitstatus):
    print('finished', int(exitstatus))
    if exitstatus == 1:
        session.exitstatus = 17
---
def pytest_configure(config):
    config.addinivalue_line('markers', 'slow: by a hook')
    config.addinivalue_line('markers', 'fast(n): by a hook')
---
def pytest_generate_tests(metafunc):
    if 'q' in metafunc.fixturenames and not any(m.name == 'parametrize' for m in metafunc.definition.iter_markers()):
        metafunc.parametrize('q', [5, 6], ids=['five', None])
---
def pytest_fixture_setup(fixturedef, request):
    if fixturedef.argname == 'f0':
        print('hook for f0')
---
def pytest_fixture_post_finalizer(fixturedef, request):
    if fixturedef.argname in ('f0', 'f1'):
        print('finalized', fixturedef.argname)
---
def pytest_warning_recorded(warning_message, when, nodeid, location):
    print('warned', when, nodeid, str(warning_message.message)[:20])
---
def pytest_deselected(items):
    print('deselected', [i.name for i in items][:3])
---
def pytest_exception_interact(node, call, report):
    print('interact', node.name, call.excinfo.typename)
---
def pytest_runtest_logreport(report):
    if report.failed:
        print('report', report.nodeid, report.when)
---
@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if pyfuncitem.name == 'test_eps':
        return True
---
def pytest_collectreport(report):
    if report.failed:
        print('not collected', report.nodeid)
---
def pytest_pycollect_makeitem(collector, name, obj):
    if name == 'check_this':
        return pytest.Function.from_parent(collector, name=name)
---
def pytest_sessionstart(session):
    session.config.stash[pytest.StashKey()] = 1
    print('start', session.name)
---
def pytest_runtest_logstart(nodeid, location):
    print('->', nodeid, location[2])
---
def pytest_addoption(parser):
    parser.addoption('--mine', action='store_true', help='mine')
    parser.addini('mine', 'mine', type='bool', default=False)
---
def pytest_unconfigure(config):
    print('unconfigured')
---
def pytest_collect_directory(path, parent):
    if path.name == 'deep':
        return pytest.Dir.from_parent(parent, path=path)
---
def pytest_assertion_pass(item, lineno, orig, expl):
    print('passed', orig)
---
def pytest_markeval_namespace(config):
    return {'undefined_name': True}
---
def pytest_enter_pdb(config, pdb):
    pass
---
def pytest_keyboard_interrupt(excinfo):
    print('interrupted by', excinfo.typename)
'''.split("---\n")

# Most of these end a run.
RARELY = '''
def pytest_nonsense_hook(config):
    pass
---
def pytest_runtest_setup(item, nothing_like_this):
    pass
---
@pytest.hookimpl(optionalhook=True)
def pytest_nonsense_hook(config):
    pass
---
pytest_plugins = ['no_such_plugin_module']
---
pytest_plugins = 'pytester'
---
def pytest_make_collect_report(collector):
    if collector.name == 'TestC':
        raise ValueError('no C')
---
def pytest_runtest_makereport(item, call):
    if 'zeta' in item.name and call.when == 'call':
        raise ValueError('in makereport')
'''.split("---\n")

# What is shown of each hook's arguments.
SHOWN = {
    "pytest_runtest_protocol(item, nextitem)": "item.name, nextitem and nextitem.name",
    "pytest_runtest_logstart(nodeid, location)": "nodeid",
    "pytest_runtest_setup(item)": "item.name",
    "pytest_runtest_call(item)": "item.name",
    "pytest_runtest_teardown(item, nextitem)": "item.name, nextitem and nextitem.name",
    "pytest_runtest_makereport(item, call)": "item.name, call.when, call.excinfo is None",
    "pytest_runtest_logreport(report)": "report.nodeid, report.when, report.outcome",
    "pytest_runtest_logfinish(nodeid, location)": "nodeid",
    "pytest_report_teststatus(report, config)": "report.when, report.outcome",
    "pytest_pyfunc_call(pyfuncitem)": "pyfuncitem.name",
    "pytest_fixture_setup(fixturedef, request)": "fixturedef.argname, request.scope",
    "pytest_fixture_post_finalizer(fixturedef)": "fixturedef.argname",
    "pytest_itemcollected(item)": "item.nodeid",
    "pytest_collectstart(collector)": "collector.nodeid",
    "pytest_make_collect_report(collector)": "type(collector).__name__, collector.name",
    "pytest_collectreport(report)": "report.nodeid, report.outcome",
    "pytest_collect_file(file_path)": "file_path.name",
    "pytest_collect_directory(path)": "path.name",
    "pytest_ignore_collect(collection_path)": "collection_path.name",
    "pytest_pycollect_makemodule(module_path)": "module_path.name",
    "pytest_pycollect_makeitem(name, obj)": "name",
    "pytest_generate_tests(metafunc)": "metafunc.function.__name__, sorted(metafunc.fixturenames)",
    "pytest_collection_modifyitems(items)": "[item.name for item in items]",
    "pytest_deselected(items)": "len(items)",
    "pytest_exception_interact(node, report)": "node.name, report.outcome",
    "pytest_sessionfinish(session, exitstatus)": "session.testsfailed, int(exitstatus)",
    "pytest_terminal_summary(exitstatus)": "int(exitstatus)",
    "pytest_warning_recorded(when, nodeid)": "when, nodeid",
}
KINDS = ("", "", "tryfirst=True", "trylast=True", "wrapper=True", "wrapper=True, tryfirst=True", "hookwrapper=True", "wrapper=True, trylast=True")


def told_of(draw: random.Random) -> str:
    """An implementation, or wrapper, of a hook that only shows what it is given."""
    head, shown = draw.choice(list(SHOWN.items()))
    kind, name = draw.choice(KINDS), head.partition("(")[0].removeprefix("pytest_")
    decorator = f"@pytest.hookimpl({kind})\n" if kind else ""
    lines = f"    print({name!r}, {shown})\n"
    if "hookwrapper" in kind:
        lines += f"    outcome = yield\n    print({name!r}, 'over', outcome.excinfo is None)\n"
    elif "wrapper" in kind:
        lines += f"    result = yield\n    print({name!r}, 'over')\n    return result\n"
    return f"{decorator}def {head}:\n{lines}"


def hook_block(draw: random.Random) -> str:
    if draw.random() < 0.5:
        return told_of(draw)
    return draw.choice(RARELY if draw.random() < 0.04 else OFTEN)
