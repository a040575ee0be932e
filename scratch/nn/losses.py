"""Losses as layers: an op with two inputs, prediction and target, which remembers its options.

    loss_function = CrossEntropyLoss(label_smoothing=0.1)
    loss_function(network(x), target).backward()

As with activations, the equations and their derivatives are in ops.losses, one a file, and nothing is left here but to
hold the options. Weights of classes or elements are buffers: constants that are saved with the module.

PyTorch: torch.nn.MSELoss, L1Loss, HuberLoss, BCELoss, BCEWithLogitsLoss, NLLLoss, CrossEntropyLoss, KLDivLoss,
MultiMarginLoss.
"""

from typing import Any

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    multi_margin_loss,
    nll_loss,
)
from .module import Module

apply_mse_loss = differentiable(mse_loss)
apply_l1_loss = differentiable(l1_loss)
apply_huber_loss = differentiable(huber_loss)
apply_binary_cross_entropy = differentiable(binary_cross_entropy)
apply_binary_cross_entropy_with_logits = differentiable(binary_cross_entropy_with_logits)
apply_nll_loss = differentiable(nll_loss)
apply_cross_entropy = differentiable(cross_entropy)
apply_kl_div = differentiable(kl_div)
apply_multi_margin_loss = differentiable(multi_margin_loss)


class _Loss(Module):
    """A module that holds the options of its op. reduction: "mean", "sum" or "none"."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.options = options


class MSELoss(_Loss):
    """Mean squared error."""

    def __init__(self, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input, target: (...) → (), or (...) for "none"."""
        return apply_mse_loss(input, target, **self.options)


class L1Loss(_Loss):
    """Mean absolute error."""

    def __init__(self, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input, target: (...) → (), or (...) for "none"."""
        return apply_l1_loss(input, target, **self.options)


class HuberLoss(_Loss):
    """Squared up to a distance of delta, absolute beyond."""

    def __init__(self, *, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction, delta=delta)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input, target: (...) → (), or (...) for "none"."""
        return apply_huber_loss(input, target, **self.options)


class KLDivLoss(_Loss):
    """The Kullback-Leibler divergence of log-probabilities from probabilities."""

    def __init__(self, *, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction=reduction, log_target=log_target)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input, target: (...) → (), or (...) for "none"."""
        return apply_kl_div(input, target, **self.options)


class _WeightedLoss(_Loss):
    """With a buffer `weight`, or None."""

    weight: Tensor | None

    def __init__(self, weight: Tensor | None, **options: Any) -> None:
        super().__init__(**options)
        self.register_buffer("weight", weight)


class BCELoss(_WeightedLoss):
    """Binary cross-entropy of probabilities."""

    def __init__(self, weight: Tensor | None = None, *, reduction: str = "mean") -> None:
        super().__init__(weight, reduction=reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input, target: (...) → (), or (...) for "none"."""
        return apply_binary_cross_entropy(input, target, self.weight, **self.options)


class BCEWithLogitsLoss(_WeightedLoss):
    """Binary cross-entropy of logits."""

    pos_weight: Tensor | None

    def __init__(
        self, weight: Tensor | None = None, *, reduction: str = "mean", pos_weight: Tensor | None = None
    ) -> None:
        super().__init__(weight, reduction=reduction)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input, target: (...) → (), or (...) for "none"."""
        return apply_binary_cross_entropy_with_logits(input, target, self.weight, self.pos_weight, **self.options)


class NLLLoss(_WeightedLoss):
    """Negative log-likelihood of log-probabilities. weight: one number per class."""

    def __init__(self, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(weight, ignore_index=ignore_index, reduction=reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input: (N, C, d1, …), target: indices (N, d1, …) → (), or target's shape for "none"."""
        return apply_nll_loss(input, target, self.weight, **self.options)


class CrossEntropyLoss(_WeightedLoss):
    """Cross-entropy of logits. weight: one number per class."""

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, ignore_index=ignore_index, reduction=reduction, label_smoothing=label_smoothing)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input: (N, C, d1, …), target: indices (N, d1, …) or probabilities → (), or (N, d1, …) for "none"."""
        return apply_cross_entropy(input, target, self.weight, **self.options)


class MultiMarginLoss(_WeightedLoss):
    """Multi-class hinge loss. weight: one number per class."""

    def __init__(
        self, *, p: int = 1, margin: float = 1.0, weight: Tensor | None = None, reduction: str = "mean"
    ) -> None:
        super().__init__(weight, p=p, margin=margin, reduction=reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor | Any:
        """input: (N, C), target: (N,) → (), or (N,) for "none"."""
        return apply_multi_margin_loss(input, target, self.weight, **self.options)
