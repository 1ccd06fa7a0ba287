"""Random command lines parsed natively and by argparse must give the same options and the same unknown words.

    PYTHONPATH=python python tests/options/native_against_argparse.py [SEED] [COUNT]
"""

import copy
import os
import random
import sys

from fastest import facade

facade.install()
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

from _pytest.config import get_config

WORDS = (
    "-v -q -x -s -l -rA -k foo -k=foo -kfoo -m bar --tb=short --tb long -p no:foo -pno:bar --co --capture=no --capture sys "
    "-vv -vxs -xk foo --maxfail=3 --maxfail 2 --durations=5 --debug --debug=x.log a.py b.py c::d -W error -W=ignore -o a=b "
    "-oa=b --lf --ff --ignore=z --ignore q --deselect x --color yes --strict --strict-markers -n4 -n 4 --unknown --unknown=3 "
    "--version -V --verbosity=2 --log-level INFO --cache-show --cache-show=g --lfnf none --setup-plan --junitxml=foo.xml "
    "--doctest-report CDIFF --no-showlocals -lq -"
).split(" ") + [""]


def parsed(config, words, final):
    namespace = copy.copy(config.option)
    try:
        if final:
            config._parser.parse(list(words), namespace)
            return vars(namespace), []
        namespace, unknown = config._parser.parse_known_and_unknown_args(list(words), namespace)
        return vars(namespace), unknown
    except Exception as error:
        return type(error).__name__, str(error)


def main(seed=0, count=2000):
    pick = random.Random(seed)
    native, reference = get_config([]), get_config([])
    reference._parser.optparser  # from here on argparse parses
    different = by_native = 0
    for _ in range(count):
        words = [pick.choice(WORDS) for _ in range(pick.randint(0, 7))]
        final = pick.random() < 0.4
        if parsed(native, words, final) != parsed(reference, words, final):
            different += 1
            print("different:", words, "final" if final else "known")
        if hasattr(native._parser, "_argparser"):
            native = get_config([])
        else:
            by_native += 1
    print(f"{count} command lines, {by_native} of them natively, {different} different")
    return 1 if different or not by_native else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
