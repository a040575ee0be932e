"""A Transformer encoder: a stack of equal blocks, and a normalization at the end if one is given.

    x₀ = src        xₗ = layerₗ(xₗ₋₁)        y = norm(x_L)

The blocks have the same shape and start from the same numbers, as in PyTorch, where they are copies of the one that is
passed in; from the first step on they are different. A stack of pre-norm blocks needs the last norm: nothing has
normalized the sum of all that was added on the way.

Source: Vaswani et al. 2017, arXiv:1706.03762. PyTorch: torch.nn.TransformerEncoder.
"""

import copy

from ..autograd.tensor import Tensor
from .module import Module
from .module_list import ModuleList


def copies(layer: Module, count: int) -> ModuleList:
    """Copies with parameters of their own. They draw from the same generators in turn, or all would drop the same."""
    shared = [vars(module)["generator"] for module in layer.modules() if "generator" in vars(module)]
    return ModuleList(copy.deepcopy(layer, {id(generator): generator for generator in shared}) for _ in range(count))


class TransformerEncoder(Module):
    """layers: num_layers copies of encoder_layer. norm: a module or None."""

    def __init__(self, encoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = copies(encoder_layer, num_layers)
        self.norm = norm

    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        """src: (B, T, C), or (T, B, C) with batch_first=False → y: like src. The masks go to every layer."""
        for layer in self.layers:
            src = layer(src, src_mask=mask, src_key_padding_mask=src_key_padding_mask, is_causal=is_causal)
        return src if self.norm is None else self.norm(src)
