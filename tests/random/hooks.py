"""Blocks of conftests: hooks."""

from __future__ import annotations

import random

HOOKS = (
    "def pytest_collection_modifyitems(items):\n    items.reverse()\n",
    "def pytest_collection_modifyitems(session, config, items):\n    print('modify', len(items))\n    items.sort(key=lambda item: item.name)\n",
    "def pytest_collection_modifyitems(config, items):\n    config.hook.pytest_deselected(items=items[::3])\n    del items[::3]\n",
    "def pytest_collection_modifyitems(items):\n    for item in items:\n        if 'alpha' in item.nodeid:\n            item.add_marker(pytest.mark.xfail(reason='all alphas'))\n",
    "@pytest.hookimpl(trylast=True)\ndef pytest_collection_modifyitems(items):\n    for item in items[:2]:\n        item.add_marker('fast')\n        item.user_properties.append(('k', 1))\n",
    "@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport(item, call):\n    report = yield\n    report.sections.append(('extra', report.when))\n    return report\n",
    "@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    report = outcome.get_result()\n    if report.when == 'call' and 'beta' in report.nodeid:\n        report.outcome = 'failed'\n        report.longrepr = 'betas fail'\n",
    "def pytest_runtest_setup(item):\n    if 'gamma' in item.name:\n        pytest.skip('no gammas')\n",
    "def pytest_runtest_setup(item):\n    print('setting up', item.name)\n",
    "def pytest_runtest_teardown(item, nextitem):\n    print('next is', nextitem.name if nextitem else None)\n",
    "def pytest_runtest_call(item):\n    print('calling', item.originalname)\n",
    "@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_protocol(item, nextitem):\n    print('before', item.name)\n    result = yield\n    print('after', item.name)\n    return result\n",
    "def pytest_terminal_summary(terminalreporter, exitstatus, config):\n    terminalreporter.section('mine')\n    terminalreporter.line(f'{int(exitstatus)} {sorted(terminalreporter.stats)}')\n",
    "def pytest_report_header(config, start_path):\n    return ['a header', 'another']\n",
    "def pytest_report_collectionfinish(items):\n    return f'{len(items)} found'\n",
    "def pytest_ignore_collect(collection_path, config):\n    return True if collection_path.name == 'test_two.py' else None\n",
    "collect_ignore = ['test_three.py']\n",
    "collect_ignore_glob = ['*_six.py', 'deep*']\n",
    "class TextFile(pytest.File):\n    def collect(self):\n        for n, line in enumerate(self.path.read_text().splitlines()):\n            yield TextItem.from_parent(self, name=f'line{n}', line=line)\n\n\nclass TextItem(pytest.Item):\n    def __init__(self, *, line, **kw):\n        super().__init__(**kw)\n        self.line = line\n\n    def runtest(self):\n        assert self.line != '3'\n\n    def repr_failure(self, excinfo):\n        return 'a three'\n\n    def reportinfo(self):\n        return self.path, 0, self.name\n\n\ndef pytest_collect_file(file_path, parent):\n    if file_path.suffix == '.txt':\n        return TextFile.from_parent(parent, path=file_path)\n",
    "def pytest_itemcollected(item):\n    if item.name.startswith('test_delta'):\n        item.extra_keyword_matches.add('delta')\n",
    "def pytest_make_parametrize_id(config, val, argname):\n    return f'{argname}={val}' if isinstance(val, int) else None\n",
    "def pytest_assertrepr_compare(config, op, left, right):\n    return ['compared', f'{left!r} {op} {right!r}'] if isinstance(left, int) else None\n",
    "def pytest_report_teststatus(report, config):\n    if report.when == 'call' and report.passed:\n        return 'passed', '+', 'GOOD'\n",
    "def pytest_report_teststatus(report):\n    if report.skipped:\n        return 'left out', 'L', ('LEFT', {'purple': True})\n",
    "def pytest_sessionfinish(session, exitstatus):\n    print('finished', int(exitstatus))\n    if exitstatus == 1:\n        session.exitstatus = 17\n",
    "def pytest_configure(config):\n    config.addinivalue_line('markers', 'slow: by a hook')\n    config.addinivalue_line('markers', 'fast(n): by a hook')\n",
    "def pytest_generate_tests(metafunc):\n    if 'q' in metafunc.fixturenames and not any(m.name == 'parametrize' for m in metafunc.definition.iter_markers()):\n        metafunc.parametrize('q', [5, 6], ids=['five', None])\n",
    "def pytest_fixture_setup(fixturedef, request):\n    if fixturedef.argname == 'f0':\n        print('hook for f0')\n",
    "def pytest_fixture_post_finalizer(fixturedef, request):\n    if fixturedef.argname in ('f0', 'f1'):\n        print('finalized', fixturedef.argname)\n",
    "def pytest_warning_recorded(warning_message, when, nodeid, location):\n    print('warned', when, nodeid, str(warning_message.message)[:20])\n",
    "def pytest_deselected(items):\n    print('deselected', [i.name for i in items][:3])\n",
    "def pytest_exception_interact(node, call, report):\n    print('interact', node.name, call.excinfo.typename)\n",
    "def pytest_runtest_logreport(report):\n    if report.failed:\n        print('report', report.nodeid, report.when)\n",
    "@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call(pyfuncitem):\n    if pyfuncitem.name == 'test_eps':\n        return True\n",
    "def pytest_collectreport(report):\n    if report.failed:\n        print('not collected', report.nodeid)\n",
    "def pytest_pycollect_makeitem(collector, name, obj):\n    if name == 'check_this':\n        return pytest.Function.from_parent(collector, name=name)\n",
    "def pytest_sessionstart(session):\n    session.config.stash[pytest.StashKey()] = 1\n    print('start', session.name)\n",
    "def pytest_runtest_logstart(nodeid, location):\n    print('->', nodeid, location[2])\n",
    "def pytest_addoption(parser):\n    parser.addoption('--mine', action='store_true', help='mine')\n    parser.addini('mine', 'mine', type='bool', default=False)\n",
    "def pytest_unconfigure(config):\n    print('unconfigured')\n",
    "def pytest_nonsense_hook(config):\n    pass\n",
    "def pytest_runtest_setup(item, nothing_like_this):\n    pass\n",
    "@pytest.hookimpl(optionalhook=True)\ndef pytest_nonsense_hook(config):\n    pass\n",
    "pytest_plugins = ['no_such_plugin_module']\n",
    "pytest_plugins = 'pytester'\n",
    "def pytest_collect_directory(path, parent):\n    if path.name == 'deep':\n        return pytest.Dir.from_parent(parent, path=path)\n",
    "def pytest_make_collect_report(collector):\n    if collector.name == 'TestC':\n        raise ValueError('no C')\n",
    "def pytest_runtest_makereport(item, call):\n    if 'zeta' in item.name and call.when == 'call':\n        raise ValueError('in makereport')\n",
    "def pytest_assertion_pass(item, lineno, orig, expl):\n    print('passed', orig)\n",
    "def pytest_markeval_namespace(config):\n    return {'undefined_name': True}\n",
    "def pytest_enter_pdb(config, pdb):\n    pass\n",
    "def pytest_keyboard_interrupt(excinfo):\n    print('interrupted by', excinfo.typename)\n",
)
RARE = frozenset(index for index, text in enumerate(HOOKS) if any(word in text for word in ("nonsense", "nothing_like_this", "no_such_plugin", "'in makereport'", "'no C'", "'pytester'")))


def hook_block(draw: random.Random) -> str:
    index = draw.randrange(len(HOOKS))
    if index in RARE and draw.random() < 0.8:
        index = draw.choice([i for i in range(len(HOOKS)) if i not in RARE])
    return HOOKS[index]
