"""A learner's package: where it is, what in it is theirs, and which component they mean."""

from __future__ import annotations

import difflib
import importlib.util
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from . import progress
from .source import blank


class CourseError(Exception):
    """Something that a learner can mend; the message says how."""


def shipped() -> Path:
    """The folder of `scratch/`."""
    spec = importlib.util.find_spec("scratch")
    if spec is None or spec.origin is None:
        raise CourseError("scratch/ is not installed: pip install -e . in a clone")
    return Path(spec.origin).parent


def file_of(folder: Path, name: str) -> Path:
    """The file of a component."""
    return folder.joinpath(*name.split(".")).with_suffix(".py")


def find_package(chosen: str | None) -> Path:
    """The folder of the learner's package: the one named, or the only one that `start` has made here."""
    if chosen:
        if not Path(chosen).is_dir():
            raise CourseError(f"there is no folder {chosen}: make one with `nn-parity start {chosen}`")
        return Path(chosen)
    found = progress.find(Path.cwd())
    if len(found) == 1:
        return Path.cwd() if found[0] == Path.cwd() else found[0].relative_to(Path.cwd())
    if found:
        raise CourseError(f"which one: --candidate {' or '.join(folder.name for folder in found)}?")
    raise CourseError("there is no package here yet: make one with `nn-parity start my_nn`")


def find_row(wanted: str, names: Sequence[str]) -> str:
    """The component of that name, or of that last part of a name, or in that file; ops before layers."""
    wanted = wanted.replace("\\", "/").removesuffix(".py").replace("/", ".").lower()
    candidates = [
        [name for name in names if name == wanted],
        [name for name in names if name.startswith("ops.") and name.endswith(f".{wanted}")],
        [name for name in names if name.endswith(f".{wanted}")],
        [name for name in names if wanted.endswith(f".{name}")],  # my_nn/ops/activations/relu.py
    ]
    for found in candidates:
        if len(found) == 1:
            return found[0]
        if found:
            raise CourseError(f"{wanted} may be {' or '.join(found)}")
    short = {name.rpartition(".")[2]: name for name in names}
    near = [name for name in names if wanted in name][:3]
    near = near or [short.get(name, name) for name in difflib.get_close_matches(wanted, [*short, *names], n=3)]
    advice = f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "`nn-parity next` names one"
    raise CourseError(f"no component is called {wanted}; {advice}")


def start(folder: Path, names: Iterable[str], *, force: bool = False) -> tuple[list[str], Path | None]:
    """Blank components in a package, which is made if it is not there. What was blanked, and the backup if any.

    Work is never lost: a component that is neither as shipped nor blank is refused, or, with `force`, the whole folder
    is copied first. Raises CourseError.
    """
    names = list(names)
    if not folder.name.isidentifier():
        raise CourseError(f"{folder.name!r} is no name for a Python package: letters, digits and _ only")
    if folder.resolve() == shipped().resolve():
        raise CourseError("that is the shipped solution itself: choose another name")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / "__init__.py").is_file())):
        raise CourseError(f"{folder} is there already, and is no package")
    backup = None
    if folder.is_dir() and any(folder.iterdir()):
        written = [name for name in names if _is_written(folder, name)]
        if written and not force:
            raise CourseError(
                f"{folder} holds work of yours: {', '.join(written[:3])}{' …' if len(written) > 3 else ''}. "
                "--force blanks it, and keeps a copy of the folder"
            )
        if written:
            backup = _backup(folder)
    else:
        shutil.copytree(shipped(), folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for name in names:
        source = file_of(shipped(), name).read_text(encoding="utf-8")
        file_of(folder, name).parent.mkdir(parents=True, exist_ok=True)
        file_of(folder, name).write_text(blank(source), encoding="utf-8")
    rows = progress.read(folder)
    rows.update({name: {"state": "not written", "yours": True} for name in names})
    progress.write(folder, rows)
    return names, backup


def _is_written(folder: Path, name: str) -> bool:
    """Whether a component holds work: it is neither as shipped nor as blanked."""
    return state_of(folder, name) == "written"


def state_of(folder: Path, name: str) -> str:
    """`shipped`, `blank`, `missing`, or `written` by the learner."""
    file, source = file_of(folder, name), file_of(shipped(), name).read_text(encoding="utf-8")
    if not file.is_file():
        return "missing"
    text = file.read_text(encoding="utf-8")
    return {source: "shipped", blank(source): "blank"}.get(text, "written")


def _backup(folder: Path) -> Path:
    copy = folder.with_name(f"{folder.name}_backup_{time.strftime('%Y%m%d_%H%M%S')}")
    number = 1
    while copy.exists():
        number += 1
        copy = copy.with_name(f"{copy.name}_{number}")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def exercises(folder: Path, names: Iterable[str]) -> list[str]:
    """The components that are the learner's own: blank, missing, written, or taken on once and now as shipped."""
    taken_on = {name for name, row in progress.read(folder).items() if row.get("yours")}
    return [name for name in names if name in taken_on or state_of(folder, name) != "shipped"]


def next_exercise(folder: Path, names: Iterable[str]) -> str | None:
    """The first exercise, in the order of the lessons, that is not ticked."""
    rows = progress.read(folder)
    waiting = [name for name in exercises(folder, names) if rows.get(name, {}).get("state") != "ticked"]
    ready = [name for name in waiting if rows.get(name, {}).get("state") != "waiting"]
    return next(iter(ready or waiting), None)
