"""How long files and functions are. Past the house's numbers they are named: a question, not a fault.

python -m bench.sizes
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = ("forms", "generators", "intake", "regeneration", "storage", "operations", "web", "cli")
LONG_FILE: Final = 300
LONG_FUNCTION: Final = 40


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each function of a module with the lines from its name to its end."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def summary(name: str, sizes: list[int]) -> str:
    tenth = quantiles(sizes, n=10)[-1]
    return f"{len(sizes)} {name}: median {median(sizes):.0f} lines, p90 {tenth:.0f}, longest {max(sizes)}"


def main() -> None:
    files: dict[str, int] = {}
    parts: dict[str, int] = {}
    for path in sorted(found for package in PACKAGES for found in (PROJECT / package).rglob("*.py")):
        text, name = path.read_text("utf-8"), str(path.relative_to(PROJECT))
        if text:
            files[name] = text.count("\n")
            parts |= {f"{name}:{function}": size for function, size in functions(ast.parse(text))}
    print(summary("files", list(files.values())))
    print(summary("functions", list(parts.values())))
    for name, size, limit in (
        *((name, size, LONG_FILE) for name, size in files.items()),
        *((name, size, LONG_FUNCTION) for name, size in parts.items()),
    ):
        if size > limit:
            print(f"  {size} lines, over {limit}: {name}")


if __name__ == "__main__":
    main()
