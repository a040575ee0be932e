"""Checkpoints: a thousand mutated files are refused, a hundred killed writers lose nothing, real optimizers go on."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

import reference_torch.nn.dropout
import reference_torch.optim.adam
import reference_torch.optim.schedules.one_cycle_lr
import reference_torch.training.checkpoint
from scratch import nn
from scratch.autograd.tensor import Tensor
from scratch.optim import adam
from scratch.optim.schedules import one_cycle_lr
from scratch.training import checkpoint

ROOT = Path(__file__).parents[2]
MUTATED = 1000


def scratch_parts(seed: int) -> dict[str, Any]:
    generator = np.random.default_rng(seed)
    model = nn.Sequential(nn.Linear(2, 3, generator=generator), nn.Dropout(generator=seed), nn.Linear(3, 1))
    return _parts(model, adam.Adam, one_cycle_lr.OneCycleLR, seed)


def torch_parts(seed: int) -> dict[str, Any]:
    torch.manual_seed(seed)
    dropout = reference_torch.nn.dropout.Dropout(generator=seed)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), dropout, torch.nn.Linear(3, 1))
    return _parts(model, reference_torch.optim.adam.Adam, reference_torch.optim.schedules.one_cycle_lr.OneCycleLR, seed)


def _parts(model: Any, optimizer_class: Any, schedule_class: Any, seed: int) -> dict[str, Any]:
    optimizer = optimizer_class(model.parameters(), lr=0.1)
    schedule = schedule_class(optimizer, max_lr=0.1, total_steps=20)
    parts = {"model": model, "optimizer": optimizer, "schedule": schedule, "generator": np.random.default_rng(seed)}
    return train(parts, 3)


def train(parts: dict[str, Any], steps: int) -> dict[str, Any]:
    for _ in range(steps):
        x = parts["generator"].standard_normal((4, 2)).astype(np.float32)
        loss = (parts["model"](Tensor(x) if isinstance(parts["model"], nn.Module) else torch.from_numpy(x)) ** 2).mean()
        parts["optimizer"].zero_grad()
        loss.backward()
        parts["optimizer"].step()
        parts["schedule"].step()
    return parts


SCRATCH = SimpleNamespace(module=checkpoint, parts=scratch_parts)
TORCH = SimpleNamespace(module=reference_torch.training.checkpoint, parts=torch_parts)
SIDES = pytest.mark.parametrize("side", [SCRATCH, TORCH], ids=["scratch", "torch"])


def bytes_of(side: Any, parts: dict[str, Any], tmp_path: Path) -> bytes:
    """The whole state of a training as the bytes of its checkpoint: the same state, the same bytes."""
    side.module.save(tmp_path / "state", epoch=0, **parts)
    return (tmp_path / "state").read_bytes()


@SIDES
def test_what_goes_on_from_a_checkpoint_is_bit_identical(side: Any, tmp_path: Path) -> None:
    through = side.parts(1)
    side.module.save(tmp_path / "half", epoch=3, **through)
    resumed = side.parts(2)
    assert bytes_of(side, resumed, tmp_path) != bytes_of(side, through, tmp_path)
    assert side.module.load(tmp_path / "half", **resumed) == 3
    assert bytes_of(side, train(resumed, 5), tmp_path) == bytes_of(side, train(through, 5), tmp_path)


@pytest.mark.parametrize(("writer", "reader"), [(SCRATCH, TORCH), (TORCH, SCRATCH)], ids=["to_torch", "to_scratch"])
def test_the_other_side_goes_on_from_it(writer: Any, reader: Any, tmp_path: Path) -> None:
    written, read = writer.parts(1), reader.parts(2)
    writer.module.save(tmp_path / "half", epoch=3, **written)
    assert reader.module.load(tmp_path / "half", **read) == 3
    reader.module.save(tmp_path / "again", epoch=3, **read)
    ours, theirs = (load_file(tmp_path / name) for name in ("half", "again"))
    assert ours
    assert all(np.array_equal(theirs[name], value) for name, value in ours.items()), "nothing is lost on the way"
    before = bytes_of(reader, read, tmp_path)
    train(written, 5)
    train(read, 5)
    assert bytes_of(reader, read, tmp_path) != before
    assert read["generator"].random() == written["generator"].random()
    assert read["model"][1].generator.random() == written["model"][1].generator.random()


def mutated(content: bytes, other: bytes, generator: random.Random) -> bytes:
    """One of the things that happen to files."""
    place = generator.randrange(len(content))
    size = generator.randint(1, 64)
    return generator.choice([
        lambda: content[:place],  # cut off
        lambda: content[:place] + bytes([content[place] ^ 1 << generator.randrange(8)]) + content[place + 1 :],
        lambda: content[:place] + generator.randbytes(size) + content[place + size :],  # written over
        lambda: content[:place] + generator.randbytes(size) + content[place:],  # something in between
        lambda: content[:place] + content[place + size :],  # something lost
        lambda: content + generator.randbytes(generator.choice([1, 8, 4096, 1 << 20])),  # too long
        lambda: content[:place] + bytes(len(content) - place),  # the disk gave zeros
        lambda: content[:place] + other[place:],  # the end of another checkpoint
        lambda: generator.randbytes(8) + content[8:],  # another length of the header
        lambda: (size * 2**generator.randrange(56)).to_bytes(8, "little") + content[8:],
        lambda: content[:8] + b"[" * (len(content) - 8),
    ])()  # fmt: skip


@SIDES
def test_a_thousand_mutated_files_are_refused_and_change_nothing(side: Any, tmp_path: Path) -> None:
    parts, generator = side.parts(1), random.Random(0)
    content, other = bytes_of(side, parts, tmp_path), bytes_of(side, side.parts(2), tmp_path)
    parts = side.parts(3)
    before = bytes_of(side, parts, tmp_path)
    bad, tried = tmp_path / "bad", 0
    while tried < MUTATED:
        wrong = mutated(content, other, generator)
        if wrong in (content, other):
            continue
        bad.write_bytes(wrong)
        with pytest.raises(side.module.CheckpointError) as refusal:
            side.module.load(bad, **parts)
        assert len(str(refusal.value)) > len(str(bad)) + 10, "a reason is given"
        tried += 1
    assert bytes_of(side, parts, tmp_path) == before


@SIDES
@pytest.mark.parametrize("stranger", ["wider", "sgd", "generator"])
def test_a_checkpoint_of_something_else_is_refused(side: Any, stranger: str, tmp_path: Path) -> None:
    side.module.save(tmp_path / "file", epoch=3, **side.parts(1))
    parts = side.parts(2)
    layers = nn if side is SCRATCH else torch.nn
    if stranger == "wider":
        setattr(parts["model"], "2", layers.Linear(4, 1))
    elif stranger == "sgd":
        parts["optimizer"] = type("SGD", (type(parts["optimizer"]),), {})(parts["model"].parameters())
    else:
        parts["generator"] = np.random.Generator(np.random.Philox(0))
    before = bytes_of(side, {name: part for name, part in parts.items() if name != "generator"}, tmp_path)
    with pytest.raises(side.module.CheckpointError, match="does not fit"):
        side.module.load(tmp_path / "file", **parts)
    assert bytes_of(side, {name: part for name, part in parts.items() if name != "generator"}, tmp_path) == before


def test_what_cannot_be_kept_is_said_before_anything_is_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with pytest.raises(TypeError, match="model must have a state_dict"):
        checkpoint.save(file, epoch=0, model=3)
    strange = SimpleNamespace(state_dict=lambda: {"f": [print]})
    with pytest.raises(TypeError, match=r"mine\.f\.0"):
        checkpoint.save(file, epoch=0, mine=strange)
    assert not list(tmp_path.iterdir())
    with pytest.raises(FileNotFoundError):
        checkpoint.load(file)


def test_the_model_alone_can_be_read(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "file", epoch=3, **scratch_parts(1))
    assert checkpoint.load(tmp_path / "file", model=scratch_parts(2)["model"]) == 3


WRITER = """
import sys, numpy as np
from scratch.training import checkpoint

class Part:
    def state_dict(self): return {"numbers": np.full(4000, self.epoch), "epoch": self.epoch}
    def load_state_dict(self, state):
        self.epoch = state["epoch"]
        assert (state["numbers"] == self.epoch).all()

part, file = Part(), sys.argv[1]
part.epoch = 0
try: checkpoint.load(file, part=part)
except FileNotFoundError: pass
print("go", part.epoch, flush=True)
while True:
    part.epoch += 1
    checkpoint.save(file, epoch=part.epoch, part=part)
    print(part.epoch, flush=True)
"""


@pytest.mark.slow
def test_a_hundred_killed_writers_lose_nothing(tmp_path: Path) -> None:
    """Each goes on from what the one before it had saved; what was reported as saved is there, or something newer."""
    file, reported, generator = tmp_path / "run.safetensors", 0, random.Random(0)
    for _ in range(100):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE, cwd=ROOT, text=True
        ) as writer:
            assert writer.stdout is not None
            word, epoch = writer.stdout.readline().split()
            assert word == "go" and int(epoch) >= reported, "the newest checkpoint that was reported is lost"
            time.sleep(generator.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
            for line in writer.stdout.read().splitlines(keepends=True):
                reported = int(line) if line.endswith("\n") else reported
        assert {f.name for f in tmp_path.iterdir()} <= {file.name, f".{file.name}.partial"}
    assert reported > 100, "the writers were killed before they wrote anything"
