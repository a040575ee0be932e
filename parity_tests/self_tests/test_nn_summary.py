"""How modules look: their repr is PyTorch's, the summary is a table."""

from typing import Any

import pytest
import torch

from scratch import nn


def test_the_repr_is_that_of_pytorch() -> None:
    def model(nn: Any) -> Any:
        block = [nn.Sequential(nn.Linear(4, 4), nn.LeakyReLU(0.2), nn.Dropout(0.1)) for _ in range(3)]
        activations = (nn.ReLU(), nn.ELU(), nn.GELU(), nn.Softmax(dim=1), nn.Tanh(), nn.Softplus(), nn.Flatten())
        return nn.Sequential(nn.ModuleList([*block, nn.Linear(4, 1, bias=False)]), *activations, nn.MSELoss())

    ours, theirs = (repr(model(side)) for side in (nn, torch.nn))
    assert ours == theirs.replace(", inplace=False", "")  # here nothing is


def test_a_summary_is_a_table_of_eighty_columns() -> None:
    model = nn.Sequential(nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.BatchNorm1d(256)), nn.Linear(256, 10))
    model[1].requires_grad_(False)
    model[0].eval()
    found = nn.summary(model, (32, 784))
    lines = str(found).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines] == ["layer", "Sequential", "0:", "0:", "1:", "2:", "1:", "204,042"]
    assert "(32, 256)" in lines[3]
    assert "200,960" in lines[3]
    assert lines[-1].startswith("204,042 parameters, 2,570 of them frozen")
    assert model.training
    assert not model[0].training, "each module is in the mode that it was in"
    assert model[0][2].state_dict()["num_batches_tracked"] == 0, "nothing was changed"


def test_parameters_and_flops_are_those_that_pytorch_counts() -> None:
    from torch.utils.flop_counter import FlopCounterMode

    def model(nn: Any) -> Any:
        made = nn.Sequential(nn.Linear(7, 5), nn.Tanh(), nn.LayerNorm(5), nn.Linear(5, 5), nn.Linear(5, 3))
        made[3].weight = nn.Linear(5, 5).weight
        made.append(nn.Linear(3, 3)).append(made[5])  # one layer, used twice
        return made

    ours, theirs = (model(side) for side in (nn, torch.nn))
    found = nn.summary(ours, (2, 3, 7))
    with FlopCounterMode(display=False) as counter:
        theirs(torch.zeros(2, 3, 7))
    assert found.flops == counter.get_total_flops()
    assert found.parameters == sum(p.numel() for p in theirs.parameters())
    assert [line.calls for line in found.lines] == [1, 1, 1, 1, 1, 1, 2]
    assert "×2" in str(found)


def test_a_summary_with_the_wrong_width_fails_like_the_model_and_leaves_no_hooks() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    with pytest.raises(ValueError, match="weight"):
        nn.summary(model, (1, 5))
    assert model.training
    assert not any(vars(module).get("_forward_hooks") for module in model.modules())
