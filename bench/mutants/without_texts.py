"""Mutmut, leaving the texts alone: what people read decides nothing, and each text would be three mutants.

python -m bench.mutants.without_texts try TESTS   makes the changes that mutmut knows, and tests those that have no result
python -m bench.mutants.without_texts tell NAMES  what each of them changes, as JSON
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from mutmut import __main__ as mutmut
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils import file_utils

from bench.mutants.forks import Forks

_operators: Any = mutation_operators  # typed only where mutmut is installed
_operators[:] = [one for one in _operators if one[1] is not operator_string]


def run(options: Sequence[str]) -> int:
    """Test each change that has no result, with those options of pytest; its exit code."""
    set_mutant_under_test("mutant_generation")
    file_utils.copy_src_dir()
    file_utils.copy_also_copy_files()
    file_utils.setup_source_paths()
    mutmut.create_mutants(1)
    set_mutant_under_test("")
    kept: dict[str, Any] = {}
    for path in file_utils.walk_mutatable_files():
        data: Any = SourceFileMutationData(path=path)
        data.load()
        data.meta_path = data.meta_path.absolute()
        kept |= {name: data for name, code in data.exit_code_by_key.items() if code is None}

    def done(name: str, code: int) -> None:
        kept[name].exit_code_by_key[name] = code
        kept[name].save()
        print(f"{code} {name}", file=sys.__stdout__, flush=True)

    os.chdir("mutants")
    forks = Forks([(name, name.partition("__mutmut_")[0]) for name in kept], set_mutant_under_test, _called, done)
    return int(pytest.main(["--rootdir=.", "-q", "--capture=no", *options], plugins=[forks]))


def _called() -> set[str]:
    calls: Any = state()._stats  # noqa: SLF001 - mutmut's own runner reads it there
    found = set(calls)
    calls.clear()
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["try"]:
        sys.exit(run(sys.argv[2:]))
    print(json.dumps({name: mutmut.get_diff_for_mutant(name) for name in sys.argv[2:]}))
