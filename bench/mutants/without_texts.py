"""Mutmut, leaving the texts alone: what people read decides nothing, and each text would be three mutants."""

from __future__ import annotations

from typing import Any

from mutmut.__main__ import cli
from mutmut.mutation.mutators import mutation_operators, operator_string

_operators: Any = mutation_operators  # typed only where mutmut is installed
_operators[:] = [one for one in _operators if one[1] is not operator_string]

if __name__ == "__main__":
    cli()
