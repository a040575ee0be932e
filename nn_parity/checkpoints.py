"""Trained parameters as files: the arrays of a network by name, in the format safetensors, which any tool can read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from .data.dataset import Array

PROJECT, WORDS = "project", "words"


class CheckpointError(Exception):
    """A file holds no parameters of this project; the message says why."""


def save(file: Path, project: str, parameters: Mapping[str, Array], words: Sequence[str] = ()) -> None:
    """Write the parameters, the project that they belong to, and the words that their rows stand for, if they do."""
    from safetensors.numpy import save_file

    notes = {PROJECT: project} | ({WORDS: json.dumps(list(words))} if words else {})
    save_file({name: np.array(value, order="C") for name, value in parameters.items()}, file, notes)


def load(file: Path, project: str) -> dict[str, Array]:
    """The parameters in a file. Raises CheckpointError for a file that is not there, or of something else."""
    with _opened(file, project) as opened:
        return {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118  # no mapping


def load_words(file: Path, project: str) -> list[str]:
    """The words in a file, none where there are none. Raises CheckpointError as `load` does."""
    with _opened(file, project) as opened:
        return list(json.loads((opened.metadata() or {}).get(WORDS, "[]")))


@contextmanager
def _opened(file: Path, project: str) -> Iterator[Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "np") as opened:
            written_by = (opened.metadata() or {}).get(PROJECT, "something else")
            if written_by != project:
                raise CheckpointError(f"{file} holds the parameters of {written_by}, and not of {project}")
            yield opened
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no {file}: nn-parity train {project} --save {file} makes one") from error
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{file} cannot be read: {error}") from error
