"""Checkpoints: all that a training needs to go on as if it had never stopped, in one file.

    save("run.safetensors", epoch=3, model=model, optimizer=optimizer, schedule=schedule, generator=generator)
    epoch = load("run.safetensors", model=model, optimizer=optimizer, schedule=schedule, generator=generator)

The weights alone are not enough. Adam goes by averages of past gradients, a schedule by the number of the epoch, a
shuffle and dropout by random generators. A run that is resumed without one of them is another run. With all of them it
is the same, to the last bit. What is saved is whatever has a `state_dict`, random generators, and, with a model, the
generators inside it. `load` may be asked for some of the parts only: the model alone, for inference.

The file is in the format *safetensors*: 8 bytes with the length of a header, the header (JSON: name, dtype, shape and
place of each array, and texts of one's own), the bytes of the arrays. Loading it runs no code, as unpickling would.
Any tool that knows the format finds the weights under "model.hidden.weight". What is not arrays is a text in the
header. It begins with a SHA-256 of the whole file, taken while 64 zeros stood in its place: one changed bit anywhere,
and the file is refused. So is one that was cut off, is too long, or belongs to another network or optimizer; what was
passed to `load` is then left as it was.

A file is written beside the old one and takes its place when it is complete, see _atomic.py: to kill a training in the
middle of saving costs the newest checkpoint, never the one before it.

PyTorch: torch.save, which pickles. The twin of this file reads and writes the same format.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from ..nn.module import Module
from ..types import Array
from ._atomic import write_atomically
from ._packing import arrays_in, pack, unpack

FORMAT = "nn-parity checkpoint 1"
UNSIGNED = b"0" * 64
BEFORE_DIGEST = f'"{FORMAT}":"'.encode()  # within any text of the header quotes are escaped: it occurs once


class CheckpointError(ValueError):
    """A file is no checkpoint, is damaged, or is one of something else; the message says what."""


def save(file: str | os.PathLike[str], *, epoch: int, **parts: Any) -> None:
    """Write the state of all parts, and how many epochs are done.

    Raises TypeError for a part without a state, or with something in it that is not numbers, texts and arrays.
    """
    arrays: dict[str, Array] = {}
    states = {name: _packed(name, part, arrays) for name, part in parts.items()}
    text = UNSIGNED.decode() + json.dumps({"epoch": epoch, "parts": states})
    content = safetensors.numpy.save(arrays, {FORMAT: text})
    place = content.index(BEFORE_DIGEST) + len(BEFORE_DIGEST)
    digest = hashlib.sha256(content).hexdigest().encode()
    write_atomically(Path(file), content[:place] + digest + content[place + len(digest) :])


def load(file: str | os.PathLike[str], **parts: Any) -> int:
    """Give the parts the states in the file → the number of epochs that were done.

    Raises CheckpointError, and changes nothing, for a file that is damaged or does not fit; OSError for none.
    """
    epoch, states, arrays = read(file)
    if absent := [name for name in parts if name not in states]:
        raise CheckpointError(f"{file} holds {', '.join(states) or 'nothing'}, and not {', '.join(absent)}")
    now: dict[str, Array] = {}
    before = {name: _packed(name, part, now) for name, part in parts.items()}
    for name, part in parts.items():
        try:
            _check_fit(before[name], states[name], now, arrays)
            _restore(part, states[name], arrays)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            for each in parts:
                _restore(parts[each], before[each], now)
            raise CheckpointError(f"{file} does not fit this {name}: {error}") from error
    return epoch


def read(file: str | os.PathLike[str]) -> tuple[int, dict[str, Any], dict[str, Array]]:
    """The epoch, the packed state of each part, and the arrays that it refers to. Raises CheckpointError."""
    content = _complete(Path(file))
    place = content.find(BEFORE_DIGEST) + len(BEFORE_DIGEST)
    digest = content[place : place + len(UNSIGNED)]
    if hashlib.sha256(content[:place] + UNSIGNED + content[place + len(digest) :]).hexdigest().encode() != digest:
        raise CheckpointError(f"{file} is damaged: its bytes do not have the checksum that was saved with them")
    try:
        text = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"][FORMAT]
        saved = json.loads(text[len(UNSIGNED) :])
        return saved["epoch"], saved["parts"], safetensors.numpy.load(content)
    except (ValueError, KeyError, TypeError, RecursionError, safetensors.SafetensorError) as error:
        raise CheckpointError(f"{file} is no checkpoint: {error}") from error


def _complete(file: Path) -> bytes:
    """The bytes of the file, which are as many as its header says. Raises CheckpointError."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if size < 8 or length > size - 8:
            raise CheckpointError(f"{file} is cut off, or no checkpoint: {size:,} bytes, and no whole header in them")
        try:
            header = json.loads(stream.read(length))
            if FORMAT not in header.pop("__metadata__", {}):
                raise ValueError(f"it does not say {FORMAT!r}")
            end = 8 + length + max((int(entry["data_offsets"][1]) for entry in header.values()), default=0)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise CheckpointError(f"{file} is no checkpoint, or its header is damaged: {error}") from error
        if size != end:
            what = f"cut off: {size:,} of {end:,} bytes" if size < end else f"{size - end:,} bytes too long"
            raise CheckpointError(f"{file} is {what}")
        stream.seek(0)
        return stream.read()


def _packed(name: str, part: Any, arrays: dict[str, Array]) -> Any:
    """The state of a part, with its class, as JSON can hold it; its arrays go into the table."""
    if isinstance(part, np.random.Generator):
        kind, state = "Generator", part.bit_generator.state
    elif hasattr(part, "state_dict"):
        kind, state = "Module" if isinstance(part, Module) else type(part).__name__, part.state_dict()
    else:
        raise TypeError(f"{name} must have a state_dict, or be a random generator; got {type(part).__name__}")
    inside = {path: pack(found.bit_generator.state, path, arrays) for path, found in _generators(part).items()}
    return {"class": kind, "generators": inside, "state": pack(state, name, arrays)}


def _restore(part: Any, packed: Mapping[str, Any], arrays: dict[str, Array]) -> None:
    """Give a part a state."""
    if isinstance(part, np.random.Generator):
        part.bit_generator.state = unpack(packed["state"], arrays)
        return
    part.load_state_dict(unpack(packed["state"], arrays))
    for path, generator in _generators(part).items():
        generator.bit_generator.state = unpack(packed["generators"][path], arrays)


def _check_fit(here: Any, saved: Any, now: dict[str, Array], arrays: dict[str, Array]) -> None:
    """Raise ValueError for what `load_state_dict` would not mind: another class, another dtype, other generators."""
    if here["class"] != saved["class"]:
        raise ValueError(f"it holds the state of a {saved['class']}, this is a {here['class']}")
    if here["generators"].keys() != saved["generators"].keys():
        raise ValueError(f"it holds the generators {list(saved['generators'])}, here are {list(here['generators'])}")
    for path in sorted(set(arrays_in(here["state"])) & set(arrays_in(saved["state"]))):
        if now[path].dtype != arrays[path].dtype and now[path].ndim:
            raise ValueError(f"{path} is {arrays[path].dtype} there and {now[path].dtype} here")


def _generators(part: Any) -> dict[str, np.random.Generator]:
    """The random generators among the attributes of the modules of a network, by path."""
    modules = part.named_modules() if isinstance(part, Module) else ()
    return {
        f"{path}.{name}".lstrip("."): value
        for path, module in modules
        for name, value in vars(module).items()
        if isinstance(value, np.random.Generator)
    }
