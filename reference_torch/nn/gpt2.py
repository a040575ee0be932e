"""GPT-2, with the names of its checkpoints."""

import math
from collections.abc import Iterator, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .kv_cache import KeyValueCache


class Conv1D(nn.Module):
    """Linear, with its weight (in, out)."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., in) → y: (..., out)."""
        return F.linear(x, self.weight.T, self.bias)


class Attention(nn.Module):
    """Causal self-attention."""

    def __init__(self, n_embd: int, n_head: int) -> None:
        super().__init__()
        self.n_head = n_head
        self.c_attn = Conv1D(n_embd, 3 * n_embd)
        self.c_proj = Conv1D(n_embd, n_embd)

    def forward(self, x: Tensor, cache: KeyValueCache | None = None) -> Tensor:
        """x: (B, T, C) → y: (B, T, C)."""
        batch, length, features = x.shape
        q, k, v = (
            part.view(batch, length, self.n_head, features // self.n_head).transpose(1, 2)
            for part in self.c_attn(x).split(features, dim=2)
        )
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True) if cache is None else cache.attend(q, k, v)
        return self.c_proj(y.transpose(1, 2).reshape(batch, length, features))


class MLP(nn.Module):
    """The feed-forward part."""

    def __init__(self, n_embd: int) -> None:
        super().__init__()
        self.c_fc = Conv1D(n_embd, 4 * n_embd)
        self.c_proj = Conv1D(4 * n_embd, n_embd)

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, T, C) → y: (B, T, C)."""
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    """A pre-norm block."""

    def __init__(self, n_embd: int, n_head: int, epsilon: float) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(n_embd, epsilon)
        self.attn = Attention(n_embd, n_head)
        self.ln_2 = nn.LayerNorm(n_embd, epsilon)
        self.mlp = MLP(n_embd)

    def forward(self, x: Tensor, cache: KeyValueCache | None = None) -> Tensor:
        """x: (B, T, C) → y: (B, T, C)."""
        x = x + self.attn(self.ln_1(x), cache)
        return x + self.mlp(self.ln_2(x))


class GPT2(nn.Module):
    """tokens (B, T) → logits (B, T, V)."""

    def __init__(
        self,
        vocab_size: int = 50257,
        n_positions: int = 1024,
        n_embd: int = 768,
        n_layer: int = 12,
        n_head: int = 12,
        *,
        layer_norm_epsilon: float = 1e-5,
    ) -> None:
        super().__init__()
        if n_embd % n_head:
            raise ValueError("n_head must divide n_embd")
        self.n_positions = n_positions
        self.wte = nn.Embedding(vocab_size, n_embd)
        self.wpe = nn.Embedding(n_positions, n_embd)
        self.h = nn.ModuleList(Block(n_embd, n_head, layer_norm_epsilon) for _ in range(n_layer))
        self.ln_f = nn.LayerNorm(n_embd, layer_norm_epsilon)
        for name, parameter in self.named_parameters():
            if parameter.ndim > 1:
                nn.init.normal_(parameter, std=0.02 / (math.sqrt(2 * n_layer) if "c_proj" in name else 1))

    def forward(self, tokens: Tensor, caches: Sequence[KeyValueCache] | None = None) -> Tensor:
        """tokens: (B, T) → logits: (B, T, V)."""
        seen = len(caches[0]) if caches else 0
        positions = torch.arange(seen, seen + tokens.shape[1])
        x = self.wte(tokens) + self.wpe(positions)
        for i, block in enumerate(self.h):
            x = block(x, caches[i] if caches else None)
        return self.ln_f(x) @ self.wte.weight.T

    @torch.no_grad()
    def next_logits(self, tokens: Sequence[int]) -> Iterator[Tensor]:
        """Yields logits (V,) for what comes after `tokens`, a list to which the caller appends its choice."""
        caches: list[KeyValueCache] = []
        while True:
            window = list(tokens)[-self.n_positions :]
            if not caches or len(tokens) > self.n_positions:
                caches, new = [KeyValueCache() for _ in self.h], window
            else:
                new = window[len(caches[0]) :]
            yield self(torch.tensor([new]), caches)[0, -1]


def gpt2_state(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state of a published checkpoint under the names of GPT2."""
    plain = {name.removeprefix("transformer."): value for name, value in state.items()}
    masks = (".attn.bias", ".attn.masked_bias")
    return {name: value for name, value in plain.items() if not name.endswith(masks) and name != "lm_head.weight"}
