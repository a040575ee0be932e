"""A Transformer decoder: a stack of equal blocks, all of which look at the same memory.

    x₀ = tgt        xₗ = layerₗ(xₗ₋₁, memory)        y = norm(x_L)

The encoder runs once; its output is read L times. So every block of the decoder sends a gradient to the encoder, and
they add up.

Source: Vaswani et al. 2017, arXiv:1706.03762. PyTorch: torch.nn.TransformerDecoder.
"""

from ..autograd.tensor import Tensor
from .module import Module
from .transformer_encoder import copies


class TransformerDecoder(Module):
    """layers: num_layers copies of decoder_layer. norm: a module or None."""

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = copies(decoder_layer, num_layers)
        self.norm = norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """tgt: (B, T, C), memory: (B, S, C), or with B and T changed round → y: like tgt."""
        for layer in self.layers:
            tgt = layer(
                tgt,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=tgt_is_causal,
                memory_is_causal=memory_is_causal,
            )
        return tgt if self.norm is None else self.norm(tgt)
