"""GPT-2: a language model made of Transformer blocks that see only the past.

    x      = wte[token] + wpe[position]                     (B, T, C)
    x      = x + attn(ln_1(x)), x = x + mlp(ln_2(x))        for each block h.0, h.1 …: pre-norm, causal
    logits = ln_f(x) wteᵀ                                   (B, T, V): a score for every token that may come next

All that it is taught is to continue a text. `logits[b, t]` says what should follow after the tokens 0 … t of sequence
b, so a sequence of T tokens is T examples at once, and the causal mask keeps each of them honest.

Names, shapes and equations are those of the published checkpoints: c_attn computes q, k and v side by side, the weights
of the dense layers are (in, out), GELU is the tanh one, and the output layer has no weight of its own but uses wte.
So `load_state_dict` takes a checkpoint of GPT-2 as it is, except for two things that `gpt2_state` leaves out: the
causal masks, which are stored as h.0.attn.bias, and a second copy of wte as lm_head.weight. There is no dropout.

First values: N(0, 0.02), and 0.02 / √(2 · blocks) for the two layers of a block that add to the residual, so that the
sum does not grow with the number of blocks.

Source: Radford et al. 2019, "Language models are unsupervised multitask learners". PyTorch: none; transformers.GPT2.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..ops.attention import attention_weights, scaled_dot_product_attention, split_heads
from ..ops.linear import linear_in_out
from .activations import apply_gelu
from .embedding import Embedding
from .init.constant import zeros_
from .init.normal import normal_
from .kv_cache import KeyValueCache
from .layer_norm import LayerNorm
from .linear import apply_linear
from .module import Module, Parameter
from .module_list import ModuleList

apply_attention = differentiable(scaled_dot_product_attention)
apply_weights = differentiable(attention_weights)
apply_split = differentiable(split_heads)
apply_dense = differentiable(linear_in_out)


class Conv1D(Module):
    """GPT-2's dense layer. weight: (in, out), bias: (out,)."""

    def __init__(self, in_features: int, out_features: int, dtype: npt.DTypeLike) -> None:
        super().__init__()
        self.weight = Parameter(np.empty((in_features, out_features), dtype))
        self.bias = Parameter(np.empty(out_features, dtype))

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (..., in) → y: (..., out)."""
        return apply_dense(x, self.weight, self.bias)

    def flops(self, x: Tensor, y: Tensor) -> int:
        """A multiply-add for every output and input feature."""
        return 2 * y.size * int(x.shape[-1])


class Attention(Module):
    """Causal self-attention. c_attn: C → q, k, v; c_proj: C → C."""

    def __init__(self, n_embd: int, n_head: int, dtype: npt.DTypeLike) -> None:
        super().__init__()
        self.n_head = n_head
        self.c_attn = Conv1D(n_embd, 3 * n_embd, dtype)
        self.c_proj = Conv1D(n_embd, n_embd, dtype)

    def forward(self, x: Tensor, cache: KeyValueCache | None = None) -> Tensor | Any:
        """x: (B, T, C) → y: (B, T, C). With a cache, x are new positions, which see all that it keeps."""
        q, k, v = apply_split(self.c_attn(x), num_heads=self.n_head)  # (B, H, T, C/H) each
        heads = cache.attend(q, k, v) if cache is not None else apply_attention(q, k, v, is_causal=True)
        return self.c_proj(heads.transpose(1, 2).reshape(*x.shape))

    def weights(self, x: Tensor) -> Tensor | Any:
        """x: (B, T, C) → who looks at whom: (B, H, T, T)."""
        q, k, _ = apply_split(self.c_attn(x), num_heads=self.n_head)
        return apply_weights(q, k, is_causal=True)


class MLP(Module):
    """The feed-forward part: C → 4C → C."""

    def __init__(self, n_embd: int, dtype: npt.DTypeLike) -> None:
        super().__init__()
        self.c_fc = Conv1D(n_embd, 4 * n_embd, dtype)
        self.c_proj = Conv1D(4 * n_embd, n_embd, dtype)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (B, T, C) → y: (B, T, C)."""
        return self.c_proj(apply_gelu(self.c_fc(x), approximate="tanh"))


class Block(Module):
    """Look around, then think; each adds to x."""

    def __init__(self, n_embd: int, n_head: int, epsilon: float, dtype: npt.DTypeLike) -> None:
        super().__init__()
        self.ln_1 = LayerNorm(n_embd, epsilon, dtype=dtype)
        self.attn = Attention(n_embd, n_head, dtype)
        self.ln_2 = LayerNorm(n_embd, epsilon, dtype=dtype)
        self.mlp = MLP(n_embd, dtype)

    def forward(self, x: Tensor, cache: KeyValueCache | None = None) -> Tensor | Any:
        """x: (B, T, C) → y: (B, T, C)."""
        x = x + self.attn(self.ln_1(x), cache)
        return x + self.mlp(self.ln_2(x))


class GPT2(Module):
    """wte: (vocab_size, n_embd), wpe: (n_positions, n_embd), n_layer blocks h, ln_f.

    Raises ValueError unless n_head divides n_embd; a call raises it for more than n_positions tokens.
    """

    def __init__(
        self,
        vocab_size: int = 50257,
        n_positions: int = 1024,
        n_embd: int = 768,
        n_layer: int = 12,
        n_head: int = 12,
        *,
        layer_norm_epsilon: float = 1e-5,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | int | None = None,
    ) -> None:
        super().__init__()
        if n_embd % n_head:
            raise ValueError(f"n_head must divide n_embd; got n_embd={n_embd}, n_head={n_head}")
        self.n_positions = n_positions
        self.wte = Embedding(vocab_size, n_embd, dtype=dtype)
        self.wpe = Embedding(n_positions, n_embd, dtype=dtype)
        self.h = ModuleList(Block(n_embd, n_head, layer_norm_epsilon, dtype) for _ in range(n_layer))
        self.ln_f = LayerNorm(n_embd, layer_norm_epsilon, dtype=dtype)
        self._draw(np.random.default_rng(generator), 0.02, 0.02 / math.sqrt(2 * max(n_layer, 1)))

    def _draw(self, generator: np.random.Generator, std: float, residual_std: float) -> None:
        for name, parameter in self.named_parameters():
            if parameter.ndim > 1:
                normal_(parameter, 0.0, residual_std if "c_proj" in name else std, generator)
            elif not name.rpartition(".")[0].rpartition(".")[2].startswith("ln"):
                zeros_(parameter)

    def forward(self, tokens: Any, caches: Sequence[KeyValueCache] | None = None) -> Tensor | Any:
        """tokens: (B, T) whole numbers → logits: (B, T, vocab_size).

        caches: one a block, for texts of which the first tokens have been seen; `tokens` are then the new ones.
        """
        x = self._embed(tokens, len(caches[0]) if caches else 0)
        for i, block in enumerate(self.h):
            x = block(x, caches[i] if caches else None)
        return apply_linear(self.ln_f(x), self.wte.weight, None)

    def _embed(self, tokens: Any, seen: int) -> Tensor:
        """tokens: (B, T), of which the first stands at position `seen` → (B, T, C)."""
        length = tokens.shape[1]
        if seen + length > self.n_positions:
            raise ValueError(f"a text has at most n_positions={self.n_positions} tokens; got {seen + length}")
        embedded: Tensor = self.wte(tokens) + self.wpe.weight[seen : seen + length]
        return embedded

    def attention_maps(self, tokens: Any) -> list[Any]:
        """tokens: (B, T) → for each block who looks at whom: (B, H, T, T)."""
        with no_grad():
            x, maps = self._embed(tokens, 0), []
            for block in self.h:
                maps.append(block.attn.weights(block.ln_1(x)).numpy())  # type: ignore[attr-defined]
                x = block(x)
            return maps

    def next_logits(self, tokens: Sequence[int]) -> Iterator[Any]:
        """Yields logits (vocab_size,) for what comes after `tokens`, a list to which the caller appends its choice.

        Keys and values are kept, so that each step computes one position. When n_positions are used up, the oldest
        token is dropped at every step; that moves all others, and nothing that was kept is of use any more.
        """
        caches: list[KeyValueCache] = []
        while True:
            window = list(tokens)[-self.n_positions :]
            if not caches or len(tokens) > self.n_positions:
                caches, new = [KeyValueCache() for _ in self.h], window
            else:
                new = window[len(caches[0]) :]
            with no_grad():
                logits = self(np.array([new], np.int64), caches).numpy()[0, -1]
            yield logits


def gpt2_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a published checkpoint under the names of GPT2: without prefix, masks and the copy of wte."""
    plain = {name.removeprefix("transformer."): value for name, value in state.items()}
    masks = (".attn.bias", ".attn.masked_bias")
    return {name: value for name, value in plain.items() if not name.endswith(masks) and name != "lm_head.weight"}
