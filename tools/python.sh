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
    if ! command -v g++ >/dev/null || ! [ -e /usr/include/toml++/toml.h ] || ! [ -e /usr/include/gtest/gtest.h ]; then
        local root=""
        [ "$(id -u)" = 0 ] || root=sudo
        $root apt-get update -qq
        $root apt-get install -y -qq g++ libtomlplusplus-dev libgtest-dev >/dev/null
    fi
}

# make_environment FOLDER PYTHON [BUILD_TYPE]: a fresh virtual environment with fastest built from this tree.
make_environment() {
    "$2" -m venv --clear "$1"
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --config-settings="cmake.build-type=${3:-Release}" .
}

# Where ccache is installed, builds of the same source in another folder are found in it.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
