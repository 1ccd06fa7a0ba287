"""A run calls no Python function for a test or a module but the tests themselves.

Two suites of one folder, a small and a large one, are run with a profile function that counts Python calls; what the large
one has more than the small one, beyond its tests and modules, is what the runner calls for them.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

COUNT = """
import collections, json, os, sys
import fastest
calls = collections.Counter()
def count(frame, event, argument):
    if event == "call" and not os.path.basename(frame.f_code.co_filename).startswith("test_"):
        calls[f"{frame.f_code.co_filename}:{frame.f_code.co_name}"] += 1
sys.setprofile(count)
status = fastest.main(["-q", "-p", "no:cacheprovider", "."])
sys.setprofile(None)
with open(os.environ["CALLS"], "w") as file:
    json.dump({"status": int(status), "calls": calls}, file)
"""


def write_suite(folder, modules, tests):
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    for number in range(modules):
        source = "\n".join(f"def test_{test}():\n    assert {test} == {test}\n" for test in range(tests))
        (folder / f"test_{number:03}.py").write_text(source)


def count_calls(folder):
    environment = {name: value for name, value in os.environ.items() if name not in ("FASTEST_LOOKERS", "PYTHONDONTWRITEBYTECODE")}
    environment["CALLS"] = str(folder / "calls.json")
    for _ in range(2):  # the first run writes the rewritten modules
        subprocess.run([sys.executable, "-c", COUNT], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    result = json.loads((folder / "calls.json").read_text())
    assert result["status"] == 0, result
    return collections.Counter(result["calls"])


def main():
    with tempfile.TemporaryDirectory() as name:
        small, large = pathlib.Path(name, "small"), pathlib.Path(name, "large")
        write_suite(small, 2, 3)
        write_suite(large, 40, 25)
        more = count_calls(large) - count_calls(small)
    for function, number in more.most_common():
        print(f"{number} more calls of {function}")
    # A few more calls may come from where lists grow or collections fall; those for each module would be 38 or more.
    if more.total() >= 38:
        sys.exit(f"{more.total()} Python calls more for 994 tests and 38 modules more")
    print(f"1 passed: {more.total()} Python calls more for 994 tests and 38 modules more")


if __name__ == "__main__":
    main()
