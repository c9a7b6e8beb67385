"""What the sources look like: modules, names, sizes, layers. Reads files and imports nothing of what it measures."""

from __future__ import annotations

import ast
import io
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGE = Path("src/postdeploy")
FLAT = "(no folder)"
"""The modules outside the folders."""
_NOT_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path
    """Below the package."""
    source: str

    @property
    def folder(self) -> str:
        """The folder right below the package."""
        return self.path.parts[0] if len(self.path.parts) > 1 else FLAT

    @property
    def lines(self) -> int:
        """All of them."""
        return len(self.source.splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.source)

    @property
    def public_names(self) -> Iterator[str]:
        """Functions and classes at the top level that do not begin with an underscore."""
        for node in self.tree.body:
            if isinstance(node, _DEFINITIONS) and not node.name.startswith("_"):
                yield node.name

    @property
    def unit(self) -> str:
        """What it belongs to: its folder, or itself where there is none."""
        return self.path.parts[0].removesuffix(".py")

    @property
    def imports(self) -> Iterator[tuple[str, str]]:
        """Module (below the package) and name of everything that it imports from the package."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE.name}."):
                yield from ((str(node.module).partition(".")[2], name.name) for name in node.names)

    @property
    def classes(self) -> Iterator[str]:
        """Classes at the top level, private ones too."""
        return (node.name for node in self.tree.body if isinstance(node, ast.ClassDef))

    @property
    def code_lines(self) -> int:
        """Lines that hold code: no blank line, no comment, no docstring."""
        return len(self._lines_with_tokens() - self._lines_of_docstrings())

    def _lines_with_tokens(self) -> set[int]:
        tokens = tokenize.generate_tokens(io.StringIO(self.source).readline)
        return {line for one in tokens if one.type not in _NOT_CODE for line in range(one.start[0], one.end[0] + 1)}

    def _lines_of_docstrings(self) -> set[int]:
        """Also those below an attribute."""
        return {
            line
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }


@dataclass(frozen=True)
class Code:
    """All sources of one checkout."""

    modules: Sequence[Module]
    layers: int
    """Of the import contract that is exhaustive."""

    @property
    def per_folder(self) -> Counter[str]:
        """Folder → modules. A folder's `__init__` is its table of contents, not a module."""
        return Counter(module.folder for module in self.modules if module.path.name != "__init__.py")

    @property
    def public_names(self) -> int:
        """How many names the modules offer each other."""
        return sum(1 for module in self.modules for _ in module.public_names)

    @property
    def shared_names(self) -> int:
        """How many names of one folder are imported by another: what a folder promises."""
        return len(
            {
                (module, name)
                for importer in self.modules
                for module, name in importer.imports
                if module.partition(".")[0] != importer.unit
            }
        )

    @property
    def classes_with_one_name(self) -> list[str]:
        """Class names that stand in two or more modules."""
        modules_of = Counter(name for module in self.modules for name in set(module.classes))
        return sorted(name for name, count in modules_of.items() if count > 1)

    @property
    def largest(self) -> Module:
        """The longest file."""
        return max(self.modules, key=lambda module: module.lines)

    @property
    def code_lines(self) -> int:
        """Of all files."""
        return sum(module.code_lines for module in self.modules)


def read_code(checkout: Path) -> Code:
    """The sources of a checkout, an old one too."""
    package = checkout / PACKAGE
    modules = [Module(file.relative_to(package), file.read_text("utf-8")) for file in sorted(package.rglob("*.py"))]
    return Code(modules, len(layers(checkout)))


def layers(checkout: Path) -> list[str]:
    """The layers of the exhaustive import contract, top first, as pyproject.toml writes them: `cli | plugin`."""
    configured = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))
    [contract] = [one for one in configured["tool"]["importlinter"]["contracts"] if one.get("exhaustive")]
    found: list[str] = contract["layers"]
    return found
