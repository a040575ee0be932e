"""What rows cannot show of lessons 8 and 9: dropout in the mean, decay against penalty, stopping, one op two ways."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from scratch import nn
from scratch.autograd.bridge import differentiable
from scratch.autograd.derivatives import grad, hvp
from scratch.autograd.tensor import Tensor
from scratch.ops.normalization import batch_norm, group_norm, layer_norm, rms_norm
from scratch.ops.regularization import l1_penalty, l2_penalty
from scratch.ops.regularization.early_stopping import EarlyStopping
from scratch.optim.adam import Adam
from scratch.optim.adamw import AdamW
from scratch.optim.sgd import SGD

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import rounding
from .within_noise import Computation, agree

# Dropout


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_dropout_keeps_the_share_and_the_mean(p: float) -> None:
    n = 100_000
    x = np.ones((n,), np.float32)
    ours = nn.Dropout(p, generator=0)(Tensor(x)).data
    torch.manual_seed(0)
    theirs = torch.nn.functional.dropout(torch.from_numpy(x), p).numpy()
    spread = math.sqrt(p * (1 - p) / n)  # of the share that is kept, which is binomial
    for y in (ours, theirs):
        assert abs(np.mean(y != 0) - (1 - p)) < 4 * spread
        assert abs(np.mean(y, dtype=np.float64) - 1) < 4 * spread / (1 - p)
    values = [np.unique(y) for y in (ours, theirs)]
    assert all(len(one) == 2 and one[0] == 0 for one in values)
    agree([values[0][1:]], lambda x: [(x[0] / (1 - p)).numpy()], [np.ones(1, np.float32)])


def test_dropout_drops_each_element_on_its_own_and_anew_at_every_call() -> None:
    layer = nn.Dropout(0.5, generator=np.random.default_rng(0))
    first, second = (layer(Tensor(np.ones((200, 300)))).data != 0 for _ in range(2))
    assert not np.array_equal(first, second)
    for axis in (0, 1):  # no row and no column is dropped as a whole
        assert np.all(np.abs(first.mean(axis=axis) - 0.5) < 5 * 0.5 / math.sqrt(first.shape[axis]))


def test_dropout_is_silent_in_inference() -> None:
    x = Tensor(np.ones((3, 4)))
    assert nn.Dropout(0.9).eval()(x) is x


# Penalties and decay

COMPUTED: dict[str, Callable[..., Any]] = {"l1": differentiable(l1_penalty), "l2": differentiable(l2_penalty)}


SIZES = np.array([8.0, 0.125])  # powers of two: multiplying by them rounds nothing


def trained(optimizer: Callable[..., Any], *, penalty: str = "", steps: int = 20, **options: Any) -> Any:
    """A weight of two elements, whose gradients differ in size by a factor of 64, after some steps."""
    weight = nn.Parameter(np.array([1.0, 1.0]))
    chosen = optimizer([weight], lr=0.01, **options)
    sizes = Tensor(SIZES)
    for step in range(steps):
        loss = (weight * sizes).sum() * (-1.0) ** step
        if penalty:
            loss = loss + COMPUTED[penalty](weight, strength=0.5)
        chosen.zero_grad()
        loss.backward()
        chosen.step()
    return weight.data


def trained_by_pytorch(kind: Any, **options: Any) -> Computation:
    """The same in PyTorch, of a weight and the sizes of its gradients."""

    def run(tensors: list[torch.Tensor]) -> list[Any]:
        weight, sizes = torch.nn.Parameter(tensors[0]), tensors[1]
        optimizer = kind([weight], lr=0.01, foreach=False, **options)
        for step in range(20):
            weight.grad = sizes * (-1.0) ** step
            optimizer.step()
        return [weight.detach().numpy().copy()]

    return run


def test_the_l2_penalty_is_weight_decay_for_gradient_descent() -> None:
    """The same operations in another order: equal up to rounding."""
    theirs = trained_by_pytorch(torch.optim.SGD, weight_decay=0.5)
    for ours in (trained(SGD, penalty="l2"), trained(SGD, weight_decay=0.5)):
        agree([ours], theirs, [np.ones(2), SIZES])
    assert np.array_equal(trained(Adam, weight_decay=0.5), trained(Adam, penalty="l2")), "Adam's own is the penalty"


def test_the_l2_penalty_is_not_weight_decay_for_adam() -> None:
    """Adam divides the pull of the penalty by the size of the gradient; AdamW shrinks all weights alike."""
    plain = trained(Adam, eps=0.0)
    pulled, shrunk = (
        plain - after for after in (trained(Adam, penalty="l2", eps=0.0), trained(AdamW, weight_decay=0.5, eps=0.0))
    )
    assert shrunk[0] == shrunk[1], "decoupled: the same share, whatever the gradient"
    assert pulled[1] > 10 * pulled[0], "coupled: a weight with large gradients is hardly pulled at all"
    theirs = trained_by_pytorch(torch.optim.AdamW, weight_decay=0.5)
    agree([trained(AdamW, weight_decay=0.5)], theirs, [np.ones(2), SIZES])


def test_l1_makes_weights_zero_and_l2_makes_them_small() -> None:
    """Least squares with one useful feature out of five."""
    generator = np.random.default_rng(0)
    x = Tensor(generator.standard_normal((200, 5)))
    y = Tensor(x.data @ np.array([2.0, 0, 0, 0, 0]) + 0.1 * generator.standard_normal(200))
    weights = {}
    for penalty in ("l1", "l2"):
        weight = nn.Parameter(np.ones(5))
        optimizer = SGD([weight], lr=0.005)
        for _ in range(2000):
            loss = ((x @ weight - y) ** 2).mean() + COMPUTED[penalty](weight, strength=0.3)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        weights[penalty] = np.abs(weight.data)
    assert np.all(weights["l1"][1:] <= 0.005 * 0.3 * 2), "no farther from 0 than a step reaches"
    assert np.all(weights["l1"][1:] < weights["l2"][1:].max())
    assert np.all([w[0] < 2 for w in weights.values()]), "both pull at the useful one too"


# Early stopping


def test_early_stopping_restores_the_best_epoch() -> None:
    model, stopping, at_best = nn.Linear(1, 1), EarlyStopping(patience=2), None
    for epoch, loss in enumerate((3.0, 1.0, 2.0, 1.0, 0.0)):
        model.weight.data[...] = epoch
        if stopping.step(loss, model):
            break
        if epoch == 1:
            at_best = {name: value.copy() for name, value in model.state_dict().items()}
    assert (stopping.epoch, stopping.best_epoch, stopping.best_loss) == (3, 1, 1.0)
    assert model.weight.item() == 3
    stopping.restore(model)
    assert at_best is not None
    assert all(np.array_equal(value, at_best[name]) for name, value in model.state_dict().items())


def test_early_stopping_with_nothing_to_restore_says_so() -> None:
    stopping = EarlyStopping(patience=1)
    assert stopping.step(math.nan, nn.Linear(1, 1))
    with pytest.raises(ValueError, match="no best state"):
        stopping.restore(nn.Linear(1, 1))


# Normalization: the fused op and a composition of primitives


def composed(x: Tensor, weight: Tensor, bias: Tensor | None, dims: Any, *, centre: bool = True, eps: float) -> Tensor:
    if centre:
        x = x - x.mean(dims, keepdim=True)
    y = x / ((x * x).mean(dims, keepdim=True) + eps).sqrt() * weight
    return y if bias is None else y + bias


PAIRS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "layer_norm": (
        lambda x, w, b: differentiable(layer_norm)(x, w, b, eps=1e-3),
        lambda x, w, b: composed(x, w, b, -1, eps=1e-3),
    ),
    "rms_norm": (
        lambda x, w, b: differentiable(rms_norm)(x, w, eps=1e-3) + b,
        lambda x, w, b: composed(x, w, b, -1, centre=False, eps=1e-3),
    ),
    "batch_norm": (
        lambda x, w, b: differentiable(batch_norm)(x, w, b, training=True, eps=1e-3),
        lambda x, w, b: composed(x, w, b, 0, eps=1e-3),
    ),
    "group_norm": (
        lambda x, w, b: differentiable(group_norm)(x, w, b, num_groups=1, eps=1e-3),
        lambda x, w, b: composed(x, w, b, 1, eps=1e-3),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_fused_op_is_its_composition_of_primitives(name: str) -> None:
    generator = np.random.default_rng(0)
    leaves = [Tensor(generator.standard_normal(shape), requires_grad=True) for shape in ((5, 4), (4,), (4,))]
    dy = generator.standard_normal((5, 4))
    results = []
    for function in PAIRS[name]:
        y = function(*leaves)
        results.append([y.data, *(g.data for g in grad([y], leaves, [dy]) if g is not None)])
    for ours, tape in zip(*results, strict=True):
        unit = rounding(tape, np.dtype(np.float64)) + np.finfo(np.float64).eps * np.abs(tape).max()
        compare(Expected("y", tape, tape, unit), ours, "forward")


def test_the_composition_has_second_derivatives() -> None:
    generator = np.random.default_rng(0)
    x, v = generator.standard_normal((2, 3, 4))
    weight, bias = Tensor(np.ones(4)), Tensor(np.zeros(4))

    def ours(x: Tensor) -> Tensor:
        return (composed(x, weight, bias, -1, eps=1e-3) ** 3).sum()

    def theirs(x: torch.Tensor) -> torch.Tensor:
        return (torch.nn.functional.layer_norm(x, (4,), eps=1e-3) ** 3).sum()

    def product(tensors: list[torch.Tensor]) -> list[Any]:
        return [torch.autograd.functional.hvp(theirs, tensors[0], tensors[1])[1].numpy()]

    _, found = hvp(ours, Tensor(x), Tensor(v))
    agree([found.data], product, [x, v])


def test_running_statistics_become_those_of_the_data() -> None:
    """The unbiased variance is what makes it so: with batches of 4 the biased one would settle at three quarters."""
    batches, size, deviation = 3000, 4, np.array([2.0, 3.0])
    generator, layer = np.random.default_rng(0), nn.BatchNorm1d(2, momentum=None)
    for _ in range(batches):
        layer(Tensor(generator.normal((1, -2), deviation, (size, 2)).astype(np.float32)))
    state = layer.state_dict()
    # How far such averages stray, once in ten thousand runs: four standard errors.
    stray = 4 * deviation / np.sqrt(batches * size)
    assert np.all(np.abs(state["running_mean"] - (1, -2)) < stray)
    stray = 4 * deviation**2 * np.sqrt(2 / (size - 1) / batches)
    assert np.all(np.abs(state["running_var"] - deviation**2) < stray)
    assert np.all(stray < deviation**2 / size), "the biased one would be seen"


def test_bad_shapes_into_a_layer_are_refused_with_the_rule() -> None:
    x = Tensor(np.ones((2, 5), np.float32))
    for layer, part in (
        (nn.Linear(3, 4), "in the last axis of x"),
        (nn.LayerNorm(4), "last axes of x"),
        (nn.RMSNorm(4), "last axes of x"),
        (nn.BatchNorm1d(4), "one per channel"),
        (nn.GroupNorm(2, 4), "num_groups must divide"),
        (nn.BatchNorm2d(5), "(N, C, H, W)"),
    ):
        with pytest.raises(ValueError, match=r"\(2, 5\)") as caught:
            layer(x)
        assert part in str(caught.value)
