"""The picture of the house, drawn from the import contract: `python -m bench.house.picture` writes docs/house.svg.

A row is a layer of pyproject.toml, a box a folder with the question that its `__init__` answers. Imports go down.
"""

from __future__ import annotations

import ast
import textwrap
from html import escape
from pathlib import Path

from bench.house.code import PACKAGE, layers
from bench.runs import ROOT

PICTURE = Path("docs/house.svg")
_WIDTH, _BOX, _GAP, _LINE, _MARGIN = 960, 46, 14, 17, 16
_LETTER = 6.6
"""Pixels of a letter, on average."""
_CAPTION = "The folders of src/postdeploy. Every import goes down or stays in its folder."


def picture(checkout: Path) -> str:
    """The picture as SVG."""
    rows = [[name.strip() for name in layer.split("|")] for layer in layers(checkout)]
    drawn = [line for number, row in enumerate(rows) for line in _row(checkout, row, _top(number))]
    bottom = _top(len(rows)) - _GAP
    height = bottom + 2 * _MARGIN + _LINE
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
            f"<title>{_CAPTION}</title>",
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            *drawn,
            f'<text x="{_MARGIN}" y="{bottom + _MARGIN + 10}" font-size="12" fill="#555555">{_CAPTION}</text>',
            "</svg>",
            "",
        )
    )


def question(checkout: Path, name: str) -> str:
    """What a folder (or a module outside the folders) says of itself in its first line."""
    package = checkout / PACKAGE / name / "__init__.py"
    source = package if package.exists() else checkout / PACKAGE / f"{name}.py"
    said = ast.get_docstring(ast.parse(source.read_text("utf-8"))) or ""
    return said.partition("\n")[0].replace("`", "")


def _top(number: int) -> int:
    return _MARGIN + number * (_BOX + _GAP)


def _row(checkout: Path, names: list[str], top: int) -> list[str]:
    width = (_WIDTH - 2 * _MARGIN - (len(names) - 1) * _GAP) // len(names)
    lines = []
    for place, name in enumerate(names):
        left = _MARGIN + place * (width + _GAP)
        lines += _box(name, question(checkout, name), left, top, width)
    return lines


def _box(name: str, says: str, left: int, top: int, width: int) -> list[str]:
    indent = 110
    wrapped = textwrap.wrap(says, int((width - indent - 10) / _LETTER))[:2]
    first = top + (_BOX - _LINE * len(wrapped)) // 2 + 13
    return [
        f'<rect x="{left}" y="{top}" width="{width}" height="{_BOX}" rx="6" fill="#f3f6fa" stroke="#9db2c9"/>',
        f'<text x="{left + 12}" y="{top + _BOX // 2 + 5}" font-size="14" font-weight="bold" fill="#12304f">{escape(name)}</text>',
        *(
            f'<text x="{left + indent}" y="{first + _LINE * number}" font-size="13" fill="#222222">{escape(line)}</text>'
            for number, line in enumerate(wrapped)
        ),
    ]


if __name__ == "__main__":
    (ROOT / PICTURE).write_text(picture(ROOT), encoding="utf-8")
