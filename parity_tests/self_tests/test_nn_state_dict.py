"""Every layer saves its state to PyTorch and gets it back unchanged. New layers are found by their rows."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scratch import nn

from ..catalogue import ROWS
from ..harness import candidate, reference
from ..harness.draws import drawn
from ..harness.entry import Case, Entry

LAYERS = [row for row in ROWS if isinstance(row, Entry) and row.name.startswith("nn.")]
BUILT = [row for row in LAYERS if hasattr(row.adapter.reference(reference.load(row.name)), "build")]

DRAWS = 40


def build(row: Entry, case: Case, *, torch_side: bool = False) -> Any:
    side = row.adapter.reference if torch_side else row.adapter.candidate
    module = reference.load(row.name) if torch_side else candidate.load("scratch", row.name)
    return side(module).build(**case.options)


def some_state(layer: Any, seed: int) -> dict[str, Any]:
    """Other values than the first ones: whole numbers for a counter, random ones for the rest."""
    generator = np.random.default_rng(seed)
    return {
        name: generator.standard_normal(value.shape).astype(value.dtype)
        if value.dtype.kind == "f"
        else np.asarray(generator.integers(1, 100, value.shape), value.dtype)
        for name, value in layer.state_dict().items()
    }


@pytest.mark.parametrize("row", BUILT, ids=lambda row: row.name)
@settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_the_state_of_a_layer_goes_to_pytorch_and_comes_back_unchanged(row: Entry, data: st.DataObject) -> None:
    case = data.draw(row.inputs)
    ours, theirs, back = build(row, case), build(row, case, torch_side=True), build(row, case)
    ours.load_state_dict(some_state(ours, case.seed))
    saved = ours.state_dict()
    theirs.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in saved.items()})
    there = theirs.state_dict()
    back.load_state_dict(there)  # PyTorch's tensors as they are
    again = back.state_dict()
    assert list(saved) == list(there) == list(again)
    for name, value in saved.items():
        for other in (there[name].numpy(), again[name]):
            assert other.dtype == value.dtype, name
            assert np.array_equal(other, value), name


def some_of(row: Any) -> tuple[Case, ...]:
    return drawn(row, 4 * DRAWS if row.name == "nn.pooling" else DRAWS)  # eleven classes, one in a case


def test_every_layer_is_in_one_of_those_rows() -> None:
    public = {name: getattr(nn, name) for name in nn.__all__}
    layers = {name for name, value in public.items() if isinstance(value, type) and issubclass(value, nn.Module)}
    found = {type(module).__name__ for row in BUILT for case in some_of(row) for module in build(row, case).modules()}
    assert layers - found == {"Module"}, "give the others a row with the adapter `layer` or `network`"
