"""The adapter for checkpoints: what was written by either side is read by either side, bit for bit.

A case has as arrays the tensors of a network; as options

    state        numbers, texts and containers that another part has to keep
    interrupted  the disk fails while a second checkpoint is written over the first: the first must still be there
    damage       what happens to the file before it is read; then it must be refused, and nothing changed

What comes out is, for the ways ours → ours, ours → PyTorch, PyTorch → ours, all tensors as bytes, what the generators
draw next, the epoch, whether `state` came through, and how many files lie in the folder.
"""

from __future__ import annotations

import contextlib
import importlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import torch

from .adapter import Adapter
from .disagreement import Disagreement
from .inputs import lay_out

EPOCH = 7
Make = Callable[..., dict[str, Any]]  # arrays, state, seed → the parts

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "text": lambda content: b"no checkpoint at all, but a text of some length",
    "pickle": lambda content: b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x05hello\x94.",
    "header cut off": lambda content: content[:40],
    "cut off": lambda content: content[:-1],
    "too long": lambda content: content + b"\0",
    "first length": lambda content: (2**62).to_bytes(8, "little") + content[8:],
    "bit of the data": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "bit of a name": lambda content: content.replace(b'"model.t0"', b'"model.t8"'),
    "bit of a state": lambda content: content.replace(b'\\"epoch\\": 7', b'\\"epoch\\": 6'),
}
MISMATCHES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another shape": lambda parts: {**parts, "model": parts["other shape"]},
    "another dtype": lambda parts: {**parts, "model": parts["other dtype"]},
    "no generator": lambda parts: {**parts, "model": parts["no generator"]},
    "another class": lambda parts: {**parts, "state": parts["model"]},
    "a part too many": lambda parts: {**parts, "schedule": parts["state"]},
}


class Numbers:
    """A part whose state is no array."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self.state = dict(state)

    def state_dict(self) -> dict[str, Any]:
        """The state."""
        return self.state

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Another state."""
        self.state = dict(state)


def checkpoint() -> Adapter:
    """An adapter for a module with `save` and `load`."""

    def candidate(module: ModuleType) -> Any:
        package = (module.__package__ or "").split(".")[0]
        theirs = importlib.import_module("reference_torch.training.checkpoint")

        def forward(
            *arrays: Any, state: Mapping[str, Any], interrupted: bool = False, damage: str | None = None
        ) -> Any:
            make, make_theirs = _scratch_parts(package), _torch_parts
            strided = [lay_out(array, "strided") for array in arrays]  # bytes must be written in the order of the axes
            if damage is not None:
                return _refuse(module, make, theirs, arrays, state, damage)
            found = []
            with tempfile.TemporaryDirectory() as folder:
                for number, (writer, reader, written) in enumerate((
                    ((module, make), (module, make), arrays),
                    ((module, make), (theirs, make_theirs), strided),
                    ((theirs, make_theirs), (module, make), arrays),
                )):  # fmt: skip
                    place = Path(folder, str(number))
                    place.mkdir()
                    found += _through(writer, reader, written, state, interrupted and number == 0, place)
            return tuple(found)

        return SimpleNamespace(__name__=module.__name__, forward=forward)

    def reference(module: ModuleType) -> Any:
        def forward(
            *tensors: Any, state: Mapping[str, Any], interrupted: bool = False, damage: str | None = None
        ) -> Any:
            arrays = [tensor.numpy() for tensor in tensors]
            if damage is not None:
                return _refuse(module, _torch_parts, module, arrays, state, damage)
            return tuple(torch.from_numpy(found) for found in _shown(_torch_parts(arrays, state, 1), EPOCH, state)) * 3

        names = [f"tensor[{i}]" for i in range(8)]
        return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=names)

    return Adapter(candidate, reference, any_layout=False)


def _through(writer: Any, reader: Any, arrays: Any, state: Any, interrupted: bool, folder: Path) -> list[Any]:
    """What the reader has after the writer has saved."""
    (write, make), (read, make_other) = writer, reader
    file = folder / "run.safetensors"
    with mock.patch("os.fsync"):  # that is slow, and only a failing computer could tell
        write.save(file, epoch=EPOCH, **make(arrays, state, 1))
    if interrupted:
        changed = make([np.zeros_like(array) for array in arrays], {}, 3)
        with contextlib.suppress(OSError), mock.patch("os.fsync", side_effect=OSError("no space left on device")):
            write.save(file, epoch=EPOCH + 1, **changed)
    parts = make_other([np.ones_like(array) for array in arrays], {}, 2)
    epoch = read.load(file, **parts)
    return _shown(parts, epoch, state, len(list(folder.iterdir())))


def _shown(parts: dict[str, Any], epoch: int, state: Any, files: int = 1) -> list[Any]:
    tensors = [_bytes(value) for value in parts["model"].state_dict().values()]
    drawn = [part.integers(2**40) for part in (parts["generator"], parts["model"].generator)]
    same = repr(parts["state"].state) == repr(dict(state))
    return [*tensors, np.array([epoch, files, same, *drawn])]


def _bytes(value: Any) -> Any:
    """The bytes of an array or tensor as whole numbers: what is copied must be the same, not nearly so."""
    return np.frombuffer(np.asarray(value).tobytes(), np.uint8).astype(np.int64)


def _refuse(module: Any, make: Make, writer: Any, arrays: Any, state: Any, damage: str) -> Any:
    """Read what must be refused. Raises what `load` raises, and Disagreement where it has changed something."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "run.safetensors")
        with mock.patch("os.fsync"):
            writer.save(file, epoch=EPOCH, **(make if writer is module else _torch_parts)(arrays, state, 1))
        parts = make([np.ones_like(array) for array in arrays], {"lr": 1}, 2)
        if damage in DAMAGES:
            content = file.read_bytes()
            file.write_bytes(DAMAGES[damage](content))
            if file.read_bytes() == content:
                raise AssertionError(f"the damage {damage!r} changed nothing")
        else:
            parts["other shape"] = make([np.ones((9, 9), a.dtype) for a in arrays], {}, 2)["model"]
            parts["other dtype"] = make([np.ones(a.shape, np.float16) for a in arrays], {}, 2)["model"]
            parts["no generator"] = make(arrays, {}, 2)["model"]
            del parts["no generator"].generator
            parts = MISMATCHES[damage](parts)
            for unused in ("other shape", "other dtype", "no generator"):
                del parts[unused]
        before = _everything(parts)
        try:
            module.load(file, **parts)
        except ValueError:
            if _everything(parts) != before:
                raise Disagreement("a file was refused, but something of it was loaded", "refusal") from None
            raise
        return ()


def _everything(parts: dict[str, Any]) -> str:
    states = {n: p.bit_generator.state if n == "generator" else p.state_dict() for n, p in parts.items()}
    inside = [repr(p.generator.bit_generator.state) for p in parts.values() if hasattr(p, "generator")]
    return repr(states) + repr(inside)


def _scratch_parts(package: str) -> Make:
    nn = importlib.import_module(f"{package}.nn.module")
    tensor = importlib.import_module(f"{package}.autograd.tensor").Tensor

    def make(arrays: Any, state: Mapping[str, Any], seed: int) -> dict[str, Any]:
        model = nn.Module()
        for i, array in enumerate(arrays):
            if array.dtype.kind == "f":
                setattr(model, f"t{i}", nn.Parameter(array))
            else:
                model.register_buffer(f"t{i}", tensor(array))
        model.generator = np.random.default_rng([seed, 1])
        return {"model": model, "generator": np.random.default_rng(seed), "state": Numbers(state)}

    return make


def _torch_parts(arrays: Any, state: Mapping[str, Any], seed: int) -> dict[str, Any]:
    model: Any = torch.nn.Module()
    for i, array in enumerate(arrays):
        value = torch.from_numpy(np.array(array))
        if value.is_floating_point():
            model.register_parameter(f"t{i}", torch.nn.Parameter(value))
        else:
            model.register_buffer(f"t{i}", value)
    model.generator = np.random.default_rng([seed, 1])
    return {"model": model, "generator": np.random.default_rng(seed), "state": Numbers(state)}
