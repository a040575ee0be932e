"""Checkpoints in PyTorch: the same file as the twin writes, by safetensors.torch. Nothing is pickled."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.utils._pytree import tree_map_only

FORMAT = "nn-parity checkpoint 1"
FIELD = f'"{FORMAT}":"'.encode()


class CheckpointError(ValueError):
    """The file is not what is asked for."""


def save(file: str | os.PathLike[str], *, epoch: int, **parts: Any) -> None:
    """Write the state of all parts, and how many epochs are done."""
    tensors: dict[str, Tensor] = {}
    described = {name: _describe(name, part, tensors) for name, part in parts.items()}
    content = safetensors.torch.save(tensors, {FORMAT: "0" * 64 + json.dumps({"epoch": epoch, "parts": described})})
    head, field, tail = content.partition(FIELD)
    _replace(Path(file).resolve(), head + field + hashlib.sha256(content).hexdigest().encode() + tail[64:])


def load(file: str | os.PathLike[str], **parts: Any) -> int:
    """Give the parts the states in the file → the number of epochs that were done."""
    content = Path(file).read_bytes()
    head, field, tail = content.partition(FIELD)
    if hashlib.sha256(head + field + b"0" * 64 + tail[64:]).hexdigest().encode() != tail[:64]:
        raise CheckpointError(f"{file} is damaged, cut off, or no checkpoint: its checksum is not that of its bytes")
    try:
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
        found = json.loads(header[FORMAT][64:])
        epoch, saved = found["epoch"], found["parts"]
        tensors = safetensors.torch.load(content)
    except (ValueError, KeyError, SafetensorError) as error:
        raise CheckpointError(f"{file} is no checkpoint: {error}") from error
    current: dict[str, Tensor] = {}
    before = {name: _describe(name, part, current) for name, part in parts.items()}
    try:
        for name, part in parts.items():
            _compare(before[name], saved[name], current, tensors)
            _assign(part, saved[name], tensors)
    except (ValueError, KeyError, TypeError, RuntimeError, AttributeError) as error:
        for name, part in parts.items():
            _assign(part, before[name], current)
        raise CheckpointError(f"{file} does not fit: {error}") from error
    return int(epoch)


def _describe(name: str, part: Any, tensors: dict[str, Tensor]) -> dict[str, Any]:
    if isinstance(part, np.random.Generator):
        state: Any = part.bit_generator.state
    else:
        state = part.state_dict()
    return {
        "class": "Module" if isinstance(part, nn.Module) else type(part).__name__,
        "generators": {path: _encode(g.bit_generator.state, path, tensors) for path, g in _generators(part)},
        "state": _encode(state, name, tensors),
    }


def _assign(part: Any, described: dict[str, Any], tensors: dict[str, Tensor]) -> None:
    state = _decode(described["state"], tensors)
    if isinstance(part, np.random.Generator):
        _wind(part, state)
    else:
        part.load_state_dict(state)
    for path, generator in _generators(part):
        _wind(generator, _decode(described["generators"][path], tensors))


def _wind(generator: np.random.Generator, state: Any) -> None:
    """Some generators keep arrays, which must be NumPy's."""
    generator.bit_generator.state = tree_map_only(Tensor, Tensor.numpy, state)


def _compare(mine: Any, theirs: Any, current: dict[str, Tensor], tensors: dict[str, Tensor]) -> None:
    """What load_state_dict does not mind."""
    if mine["class"] != theirs["class"] or mine["generators"].keys() != theirs["generators"].keys():
        raise ValueError(f"it is of a {theirs['class']} with the generators {list(theirs['generators'])}")
    used = set(_names(mine["state"])) & set(_names(theirs["state"]))
    if changed := [name for name in used if tensors[name].dim() and tensors[name].dtype != current[name].dtype]:
        raise ValueError(f"other dtypes: {', '.join(sorted(changed))}")


def _generators(part: Any) -> list[tuple[str, np.random.Generator]]:
    modules = part.named_modules() if isinstance(part, nn.Module) else []
    found = [(f"{path}.{name}".lstrip("."), value) for path, module in modules for name, value in vars(module).items()]
    return [(path, value) for path, value in found if isinstance(value, np.random.Generator)]


def _encode(value: Any, path: str, tensors: dict[str, Tensor]) -> Any:
    match value:
        case Tensor() | np.ndarray() | np.generic():
            if path in tensors:
                raise ValueError(f"{path} occurs twice")
            tensors[path] = torch.as_tensor(value).detach().clone().contiguous()
            return {"scalar" if isinstance(value, np.generic) else "array": path}
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {"dict": [[key, _encode(part, f"{path}.{key}", tensors)] for key, part in value.items()]}
        case list() | tuple():
            kind = "list" if isinstance(value, list) else "tuple"
            return {kind: [_encode(part, f"{path}.{i}", tensors) for i, part in enumerate(value)]}
    raise TypeError(f"{path} cannot be kept: {type(value).__name__}")


def _decode(encoded: Any, tensors: dict[str, Tensor]) -> Any:
    match encoded:
        case {"array": path}:
            return tensors[path]
        case {"scalar": path}:
            return tensors[path].item()
        case {"dict": pairs}:
            return {key: _decode(part, tensors) for key, part in pairs}
        case {"list": parts}:
            return [_decode(part, tensors) for part in parts]
        case {"tuple": parts}:
            return tuple(_decode(part, tensors) for part in parts)
    return encoded


def _names(encoded: Any) -> list[str]:
    """Which tensors a state is made of."""
    match encoded:
        case {"array": path} | {"scalar": path}:
            return [path]
        case {"dict": pairs}:
            return [name for _, part in pairs for name in _names(part)]
        case {"list": parts} | {"tuple": parts}:
            return [name for part in parts for name in _names(part)]
    return []


def _replace(file: Path, content: bytes) -> None:
    """Write beside the old file, wait for the disk, take its place."""
    beside = file.with_name(f".{file.name}.partial")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(file.parent, os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
