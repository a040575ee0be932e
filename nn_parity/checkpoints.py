"""Trained parameters as files: the arrays of a network by name, in the format safetensors, which any tool can read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .data.dataset import Array

PROJECT = "project"


class CheckpointError(Exception):
    """A file holds no parameters of this project; the message says why."""


def save(file: Path, project: str, parameters: Mapping[str, Array]) -> None:
    """Write the parameters, and the project that they belong to."""
    from safetensors.numpy import save_file

    save_file({name: np.array(value, order="C") for name, value in parameters.items()}, file, {PROJECT: project})


def load(file: Path, project: str) -> dict[str, Array]:
    """The parameters in a file. Raises CheckpointError for a file that is not there, or of something else."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "np") as opened:
            written_by = (opened.metadata() or {}).get(PROJECT, "something else")
            if written_by != project:
                raise CheckpointError(f"{file} holds the parameters of {written_by}, and not of {project}")
            return {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118  # no mapping
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no {file}: nn-parity train {project} --save {file} makes one") from error
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{file} cannot be read: {error}") from error
