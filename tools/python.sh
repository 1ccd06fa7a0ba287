# Sourced by the scripts beside it: finds interpreters and prepares a build environment.

# python_for 3.12: the path of a working interpreter of that version, from PATH or from pyenv; empty when there is none.
python_for() {
    local candidate
    for candidate in "python$1" $(command -v pyenv >/dev/null && ls -d "$(pyenv root)/versions/$1".*/bin/python 2>/dev/null); do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != tuple(map(int, sys.argv[1].split("."))))' "$1" 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
}

# The compiler, toml++ and GoogleTest come from the system's packages; everything else from PyPI.
install_system_packages() {
    local missing=() root=""
    command -v g++ >/dev/null || missing+=(g++)
    [ -e /usr/include/toml++/toml.h ] || missing+=(libtomlplusplus-dev)
    [ -e /usr/include/gtest/gtest.h ] || missing+=(libgtest-dev)
    # A distribution's Python may come without its headers and without what makes virtual environments.
    "$(python_for 3.11 || true)" -c "$COMPLETE" 2>/dev/null || python3 -c "$COMPLETE" 2>/dev/null || missing+=(python3-dev python3-venv)
    [ ${#missing[@]} = 0 ] && return
    [ "$(id -u)" = 0 ] || root=sudo
    $root apt-get update -qq
    $root apt-get install -y -qq "${missing[@]}" >/dev/null
}
COMPLETE='import ensurepip, os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")'

# make_environment FOLDER PYTHON [BUILD_TYPE]: a fresh virtual environment with fastest built from this tree; the wheel is
# in FOLDER/wheel.
make_environment() {
    "$2" -m venv --clear "$1"
    "$1/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --config-settings="cmake.build-type=${3:-Release}" --wheel-dir "$1/wheel" . &&
        "$1/bin/python" -m pip install --quiet --disable-pip-version-check "$1"/wheel/*.whl
}

# Where ccache is installed, builds of the same source in another folder are found in it.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
