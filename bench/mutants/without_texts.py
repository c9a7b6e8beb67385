"""Mutmut, leaving the texts alone: what people read decides nothing, and each text would be three mutants."""

from __future__ import annotations

from mutmut.__main__ import cli
from mutmut.mutation.mutators import mutation_operators, operator_string

mutation_operators[:] = [one for one in mutation_operators if one[1] is not operator_string]  # type: ignore[index]

if __name__ == "__main__":
    cli()
