"""What the tape keeps alive: no more than PyTorch does."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from reference_torch import autograd as torch_autograd
from scratch import autograd, nn
from scratch.autograd import Tensor


def bytes_on_the_tape(result: Tensor, parameters: Iterable[Tensor]) -> int:
    """How much memory the rules and caches behind a result hold on to, each piece once; parameters live anyway."""
    kept: list[Any] = []
    for vertex in autograd.tape.everything_behind([result.node]):
        kept += autograd.bridge._arrays_in(getattr(vertex, "cache", ()))
        for saved in getattr(vertex, "saved", ()):
            kept += [vertex.output.data if tensor is autograd.tape.OUTPUT else tensor.data for tensor in saved]
    owners = [array if array.base is None else array.base for array in kept]
    alive = {id(parameter.data) for parameter in parameters}
    return sum({id(owner): owner.nbytes for owner in owners if id(owner) not in alive}.values())


def bytes_saved_by_pytorch(compute: Callable[[], Any], parameters: Iterable[torch.Tensor]) -> int:
    saved: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        saved[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        compute()
    alive = {parameter.untyped_storage().data_ptr() for parameter in parameters}
    return sum(size for place, size in saved.items() if place not in alive)


def of_primitives(ag: Any, x: Any, target: Any, w1: Any, b1: Any, w2: Any, b2: Any, w3: Any, b3: Any) -> Any:
    hidden = ag.tanh(x @ w1.T + b1)
    hidden = ag.maximum(hidden @ w2.T + b2, ag.Tensor(np.zeros(())))
    difference = hidden @ w3.T + b3 - target
    return (difference * difference).mean()


def test_the_tape_of_an_mlp_keeps_no_more_than_pytorch_saves() -> None:
    generator = np.random.default_rng(0)
    x, target = generator.standard_normal((32, 20)), generator.standard_normal((32, 5))
    weights = [generator.standard_normal(shape) for shape in [(40, 20), (40,), (40, 40), (40,), (5, 40), (5,)]]
    ours = [Tensor(x), Tensor(target), *(Tensor(w, requires_grad=True) for w in weights)]
    theirs = [*map(torch.from_numpy, (x, target)), *(torch.tensor(w, requires_grad=True) for w in weights)]
    here = bytes_on_the_tape(of_primitives(autograd, *ours), ours[2:])
    there = bytes_saved_by_pytorch(lambda: of_primitives(torch_autograd, *theirs), theirs[2:])
    print(f"bytes kept: {here} here, {there} in PyTorch")
    assert 0 < here <= there


def test_the_tape_of_an_mlp_of_layers_keeps_no_more_than_pytorch_saves() -> None:
    def network(nn: Any) -> Any:
        return nn.Sequential(nn.Linear(20, 40), nn.Tanh(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 5))

    x, target = np.ones((32, 20), np.float32), np.zeros((32, 5), np.float32)
    ours, theirs = network(nn), network(torch.nn)
    here = bytes_on_the_tape(nn.MSELoss()(ours(Tensor(x)), Tensor(target)), ours.parameters())
    data = torch.from_numpy(x), torch.from_numpy(target)
    there = bytes_saved_by_pytorch(lambda: torch.nn.MSELoss()(theirs(data[0]), data[1]), theirs.parameters())
    print(f"bytes kept: {here} here, {there} in PyTorch")
    assert 0 < here <= there


def test_rules_close_over_constants_only() -> None:
    """What a rule needs is saved, where writes are noticed and backward can free it; never hidden in a closure."""
    x, y = Tensor(np.ones((3, 4)), requires_grad=True), Tensor(np.ones((3, 4)), requires_grad=True)
    z = autograd.stack([x, y]).reshape(2, 12).permute(1, 0)[2:, [0, 1, 1]].cumsum(0)
    z = autograd.where(z > 2, z, z**2) / (1 + z.exp()) + autograd.pad(z.amax(0), (1, 2)).mean() - z.clip(0, 1).abs()
    z = (
        autograd.einsum("ij,ij->i", z, z.sqrt())
        + z.max(1).values
        + z.var(1)
        + autograd.maximum(z.min(), z.log()).sum(1)
    )
    z = (z.expand(2, -1) @ z).tanh()
    for vertex in autograd.tape.everything_behind([z.node]):
        for rule in getattr(vertex, "rules", []):
            for cell in getattr(rule, "__closure__", None) or ():
                assert not isinstance(cell.cell_contents, (Tensor, np.ndarray)), f"{vertex}: {cell.cell_contents}"
