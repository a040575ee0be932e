"""What rows cannot show of clipped gradients and averaged weights: what is taken, refused and left alone."""

import math

import numpy as np
import pytest

from scratch.autograd.tensor import Tensor
from scratch.optim.averaged_model import AveragedModel, get_ema_avg_fn
from scratch.optim.clip_grad_norm import clip_grad_norm_
from scratch.optim.clip_grad_value import clip_grad_value_


def with_gradients(*gradients: list[float]) -> list[Tensor]:
    parameters = [Tensor(np.zeros(len(gradient)), requires_grad=True) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = Tensor(np.array(gradient))
    return parameters


def gradients_of(parameters: list[Tensor]) -> list[list[float]]:
    return [parameter.grad.data.tolist() for parameter in parameters if parameter.grad is not None]


def test_clipping_takes_one_parameter_or_a_generator() -> None:
    parameters = with_gradients([3.0], [4.0])
    assert float(clip_grad_norm_((p for p in parameters), 10.0)) == 5.0
    assert float(clip_grad_norm_(parameters[0], 1.0)) == 3.0
    clip_grad_value_((p for p in parameters), 2.0)
    clip_grad_value_(parameters[0], 0.5)
    assert gradients_of(parameters) == [[0.5], [2.0]]
    assert clip_grad_norm_([], 1.0) == 0


@pytest.mark.parametrize("outlier", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_is_refused_before_anything_is_clipped(outlier: float) -> None:
    parameters = with_gradients([3.0, 1.0], [outlier])
    before = gradients_of(parameters)
    for clip in (clip_grad_norm_, clip_grad_value_):
        with pytest.raises(ValueError, match="must be finite"):
            clip(parameters, 1.0, error_if_nonfinite=True)  # type: ignore[operator]
        np.testing.assert_equal(gradients_of(parameters), before)
    clip_grad_norm_(parameters, 1.0)
    assert not np.isfinite(gradients_of(parameters)[1]).any(), "without error_if_nonfinite it must stay visible"


def test_an_averaged_model_is_a_model_of_its_own() -> None:
    weight = Tensor(np.array([1.0]), requires_grad=True)
    model = Model([weight])
    average = AveragedModel(model, avg_fn=get_ema_avg_fn(0.75))
    average.update_parameters(model)
    weight.data[...] = 5.0
    average.update_parameters(model)
    assert average(10.0).data.tolist() == [20.0]
    assert weight.data.tolist() == [5.0]
    with pytest.raises(ValueError, match=r"shapes that are averaged, \[\(1,\)\]; got \[\(2,\)\]"):
        average.update_parameters(Model([Tensor(np.zeros(2))]))


class Model:
    """One weight, to multiply by."""

    def __init__(self, weights: list[Tensor]) -> None:
        self.weights = weights

    def parameters(self) -> list[Tensor]:
        return self.weights

    def buffers(self) -> list[Tensor]:
        return []

    def __call__(self, x: float) -> Tensor:
        return self.weights[0] * x
