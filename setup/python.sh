#!/bin/sh
# Prints a Python to set up with: 3.11 to 3.14, able to make virtual environments. POSIX sh, for this comes before all else.
#
# PYTHON=… names one by hand. A command may exist and yet not work (version managers' shims), so each is tried.

works() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

makes_environments() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

without=
for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    works "$candidate" || continue
    if makes_environments "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
    without=${without:-$candidate}
done

if [ -n "$without" ]; then
    version=$("$without" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "setup: $without cannot make virtual environments (on Debian a separate package)." >&2
    echo "setup: run: apt-get install python$version-venv (as root), then repeat make." >&2
else
    echo "setup: no Python 3.11 to 3.14 found. Install one, or name it: make PYTHON=/path/to/python3.12 …" >&2
fi
exit 1
