"""What rows cannot show of modules: names, saving and loading, freezing, hooks, how they look."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from scratch import nn
from scratch.autograd.tape import no_grad
from scratch.autograd.tensor import Tensor
from scratch.optim.sgd import SGD

from .within_noise import agree

SIDES = {
    "scratch": SimpleNamespace(**{name: getattr(nn, name) for name in nn.__all__}, tensor=Tensor),
    "torch": SimpleNamespace(**{name: getattr(torch.nn, name) for name in nn.__all__ if hasattr(torch.nn, name)},
                             tensor=torch.from_numpy),
}  # fmt: skip


def many_layers(nn: Any) -> Any:
    """A model of many kinds of layers, in children, lists and rows."""

    class Body(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(nn.tensor(np.ones(6, np.float32)))
            self.register_buffer("offset", nn.tensor(np.arange(6, dtype=np.float32)))
            self.register_buffer("scratchpad", nn.tensor(np.zeros(2)), persistent=False)
            self.register_buffer("absent", None)
            self.image = nn.Sequential(nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.SiLU(), nn.Flatten())
            self.blocks = nn.ModuleList(
                [nn.Sequential(nn.Linear(36, 6), nn.BatchNorm1d(6, momentum=None), nn.GELU(), nn.Dropout(0.1))]
            )
            self.blocks.append(nn.Sequential(nn.Linear(6, 6, bias=False), nn.LayerNorm(6), nn.Tanh()))
            self.norm = nn.RMSNorm(6)
            self.plain = nn.LayerNorm((6,), bias=False)
            self.bare = nn.BatchNorm1d(6, affine=False, track_running_stats=False)
            self.loss = nn.CrossEntropyLoss(weight=nn.tensor(np.ones(6, np.float32)))
            for i, name in enumerate(("ReLU", "LeakyReLU", "ELU", "Softplus", "Sigmoid", "Identity")):
                setattr(self, f"activation{i}", getattr(nn, name)())
            self.last = nn.Sequential(nn.Softmax(dim=-1), nn.LogSoftmax(dim=-1))

        def forward(self, x: Any) -> Any:
            x = self.image(x)
            for block in self.blocks:
                x = block(x)
            x = self.bare(self.plain(self.norm(x))) * self.scale + self.offset
            for i in range(6):
                x = getattr(self, f"activation{i}")(x)
            return self.last(x)

    return Body()


def images() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((5, 4, 3, 3)).astype(np.float32)


def arrays(state: Any) -> dict[str, np.ndarray]:
    return {name: np.array(value) for name, value in state.items()}


# Saving and loading


def test_a_model_of_many_layers_goes_to_pytorch_and_comes_back_unchanged() -> None:
    ours, theirs, back = many_layers(SIDES["scratch"]), many_layers(SIDES["torch"]), many_layers(SIDES["scratch"])
    ours(Tensor(images()))  # in training: the running statistics are no longer what they were
    saved = arrays(ours.state_dict())
    theirs.load_state_dict({name: torch.from_numpy(value) for name, value in saved.items()})
    back.load_state_dict(theirs.state_dict())  # PyTorch's tensors as they are
    there, again = theirs.state_dict(), back.state_dict()
    assert list(saved) == list(there) == list(again)
    for name, value in saved.items():
        for other in (there[name].numpy(), again[name]):
            assert other.dtype == value.dtype, name
            assert np.array_equal(other, value), name
    assert "scratchpad" not in saved
    assert saved["image.0.num_batches_tracked"] == 1
    x = images()
    with no_grad():
        y = back.eval()(Tensor(x)).numpy()
        assert np.array_equal(y, ours.eval()(Tensor(x)).numpy())

    def answer(tensors: list[torch.Tensor]) -> list[np.ndarray]:
        values = dict(zip(saved, tensors[1:], strict=True))
        with torch.no_grad():
            return [torch.func.functional_call(theirs.eval(), values, tensors[0]).numpy()]

    agree([y], answer, [x, *saved.values()])


def test_names_and_their_order_are_those_of_pytorch() -> None:
    ours, theirs = (many_layers(side) for side in SIDES.values())
    for walk in ("named_parameters", "named_buffers", "named_modules", "named_children"):
        assert [name for name, _ in getattr(ours, walk)()] == [name for name, _ in getattr(theirs, walk)()], walk
    assert sum(p.size for p in ours.parameters()) == sum(p.numel() for p in theirs.parameters())


def test_what_is_shared_is_counted_once_and_saved_under_both_names() -> None:
    states = []
    for side in SIDES.values():
        model = side.Sequential(side.Linear(3, 3), side.Tanh(), side.Linear(3, 3))
        model[2].weight = model[0].weight
        model.append(model[0])
        assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias", "2.bias"]
        assert [name for name, _ in model.named_modules()] == ["", "0", "1", "2"]
        states.append(list(model.state_dict()))
    assert states[0] == states[1] == ["0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias"]


def test_everything_wrong_with_a_state_dict_is_said_at_once_and_nothing_is_changed() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    before = arrays(model.state_dict())
    state = {"0.weight": np.ones((2, 3)), "0.bias": np.ones(3), "1.bias": np.ones(()), "2.bias": np.ones(1), "x": 0}
    with pytest.raises(ValueError, match="does not fit Sequential") as caught:
        model.load_state_dict(state)
    for part in ("missing: 1.weight", "unknown: 2.bias, x", "0.weight must be (3, 2), got (2, 3)",
                 "1.bias must be (1,), got ()"):  # fmt: skip
        assert part in str(caught.value)
    after = arrays(model.state_dict())
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_not_strict_passes_over_names_but_not_over_shapes() -> None:
    model = nn.Linear(2, 3)
    found = model.load_state_dict({"weight": np.ones((3, 2)), "scale": np.ones(1)}, strict=False)
    assert found == (["bias"], ["scale"])
    assert np.array_equal(model.weight.data, np.ones((3, 2)))
    with pytest.raises(ValueError, match="shape: weight must be") as caught:
        model.load_state_dict({"weight": np.ones((2, 3)), "scale": np.ones(1)}, strict=False)
    assert "scale" not in str(caught.value)


def test_loading_copies_and_keeps_the_dtype() -> None:
    model, source = nn.Linear(2, 3), {"weight": np.ones((3, 2)), "bias": np.ones(3)}
    weight = model.weight
    model.load_state_dict(source)
    source["weight"][...] = 5
    assert model.weight is weight, "an optimizer may hold it"
    assert weight.dtype == np.float32
    assert np.array_equal(weight.data, np.ones((3, 2)))


# Switching, freezing, converting


def test_a_frozen_child_does_not_learn() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    model[0].requires_grad_(False)
    before = arrays(model.state_dict())
    optimizer = SGD(model.parameters(), lr=0.1)
    model(Tensor(np.ones((4, 2), np.float32))).sum().backward()
    optimizer.step()
    after = arrays(model.state_dict())
    assert {name for name in before if np.array_equal(before[name], after[name])} == {"0.weight", "0.bias"}
    assert model[0].weight.grad is None
    model.requires_grad_()
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_zero_grad_forgets_or_keeps_the_memory() -> None:
    model = nn.Linear(2, 1)
    model(Tensor(np.ones((1, 2), np.float32))).sum().backward()
    model.zero_grad(set_to_none=False)
    assert model.weight.grad is not None
    assert not model.weight.grad.data.any()
    model.zero_grad()
    assert model.weight.grad is None


def test_train_and_eval_reach_many_layers() -> None:
    model = many_layers(SIDES["scratch"])
    assert all(module.training for module in model.modules())
    assert model.eval() is model
    assert not any(module.training for module in model.modules())
    model.blocks.train()
    assert [name for name, module in model.named_children() if module.training] == ["blocks"]


def test_conversion_takes_parameters_and_buffers_but_no_whole_numbers() -> None:
    model = nn.BatchNorm1d(3).to(np.float64)
    assert {name: str(value.dtype) for name, value in model.state_dict().items()} == {
        "weight": "float64", "bias": "float64", "running_mean": "float64", "running_var": "float64",
        "num_batches_tracked": "int64",
    }  # fmt: skip
    assert model(Tensor(np.ones((2, 3)))).dtype == np.float64


def test_apply_visits_children_first() -> None:
    seen: list[str] = []
    nn.Sequential(nn.Sequential(nn.Tanh()), nn.ReLU()).apply(lambda module: seen.append(type(module).__name__))
    assert seen == ["Tanh", "Sequential", "ReLU", "Sequential"]


# Attributes


def test_a_parameter_is_not_lost_by_a_careless_assignment() -> None:
    model = nn.Linear(2, 3)
    with pytest.raises(TypeError, match="weight is a parameter"):
        model.weight = model.weight * 2  # type: ignore[assignment]
    model.weight = nn.Parameter(np.zeros((3, 2), np.float32))
    model.bias = None
    assert [name for name, _ in model.named_parameters()] == ["weight"]


def test_a_buffer_may_be_replaced_and_stays_one() -> None:
    model = nn.BatchNorm1d(3)
    model.running_mean = Tensor(np.ones(3, np.float32))
    assert np.array_equal(model.state_dict()["running_mean"], np.ones(3))


def test_a_parameter_of_a_tensor_shares_its_memory() -> None:
    x = Tensor(np.ones(3))
    assert nn.Parameter(x).data is x.data
    assert nn.Parameter(x).requires_grad
    assert not nn.Parameter(x, requires_grad=False).requires_grad
    assert repr(nn.Parameter(x)).startswith("Parameter containing:\nTensor(")


def test_hooks_see_what_goes_in_and_out_until_they_are_removed() -> None:
    model, seen = nn.Tanh(), []
    handle = model.register_forward_hook(lambda module, inputs, y: seen.append((module, inputs[0].shape, y.shape)))
    model(Tensor(np.ones((2, 3))))
    handle.remove()
    model(Tensor(np.ones((2, 3))))
    assert seen == [(model, (2, 3), (2, 3))]


def test_a_module_without_forward_says_so() -> None:
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no forward"):
        Empty()(1)


# Containers


def test_sequential_takes_names_and_gives_slices_that_share() -> None:
    model = nn.Sequential({"first": nn.Linear(2, 3), "fold": nn.ReLU(), "second": nn.Linear(3, 1)})
    assert list(model.state_dict()) == ["first.weight", "first.bias", "second.weight", "second.bias"]
    assert model[1:][-1] is model[2]
    assert [name for name, _ in model[1:].named_children()] == ["fold", "second"]
    with pytest.raises(IndexError):
        model[3]


def test_a_list_can_be_changed_like_a_list() -> None:
    modules = [nn.Tanh(), nn.ReLU(), nn.GELU(), nn.SiLU()]
    found = nn.ModuleList(modules[:2])
    found.extend(modules[2:3]).append(modules[3])
    found.insert(1, nn.Identity())
    assert [type(m).__name__ for m in found] == ["Tanh", "Identity", "ReLU", "GELU", "SiLU"]
    del found[1]
    found[0] = modules[3]
    assert list(found) == [modules[3], *modules[1:]]
    assert list(found[1:3]) == modules[1:3]
    assert [name for name, _ in found.named_children()] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("container", [nn.Sequential, lambda x: nn.ModuleList([x])])
def test_containers_take_modules_only(container: Any) -> None:
    with pytest.raises(TypeError, match="takes modules"):
        container(np.tanh)
