"""The embedding layer: a table of learned vectors, and the output layer that shares it.

    Embedding      y[i] = weight[input[i]]        tokens in, vectors out
    TiedOutput     logits = x weightᵀ             vectors in, a score for every token out

The mathematics: ops.embedding.embedding and ops.linear.linear. At the end of a language model each token is scored by
how well its vector fits, as a dot product. With a weight of its own that would be a second table of the same shape; a
tied model uses the first one twice. It saves what is often the larger part of all parameters, and every training step
teaches each token's vector, as input or as output. Tied means *the same parameter*, not a copy: both gradients add up
in it, the sparse one from the input and the dense one from the output.

The vectors start from N(0, 1), the one of padding_idx from 0, as in PyTorch.

Source of tying: Press & Wolf 2017, arXiv:1608.05859. PyTorch: torch.nn.Embedding; `head.weight = embedding.weight`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..ops.embedding import embedding
from ..ops.linear import linear
from .init.normal import normal_
from .module import Module, Parameter

apply_embedding = differentiable(embedding)
apply_linear = differentiable(linear)


class Embedding(Module):
    """weight: (num_embeddings, embedding_dim). padding_idx: a row that stays as it is; negative: from the back.

    Raises ValueError for a padding_idx outside the table; a call raises ValueError for a token outside of it.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(f"padding_idx must be one of {num_embeddings} rows; got {padding_idx}")
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.weight = Parameter(np.empty((num_embeddings, embedding_dim), dtype))
        self.reset_parameters(generator)

    def reset_parameters(self, generator: np.random.Generator | None = None) -> None:
        """Give the vectors new first values."""
        normal_(self.weight, generator=generator)
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx] = 0

    def forward(self, input: Tensor | Any) -> Tensor | Any:
        """input: (...) token numbers, a tensor or an array → y: (..., embedding_dim)."""
        return apply_embedding(input, self.weight, padding_idx=self.padding_idx)

    def extra_repr(self) -> str:
        """The sizes."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"


class TiedOutput(Module):
    """A score for every token, from the table of an Embedding. It owns the same parameter, under a path of its own."""

    def __init__(self, embedding: Embedding) -> None:
        super().__init__()
        self.weight = embedding.weight

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (..., embedding_dim) → logits: (..., num_embeddings)."""
        return apply_linear(x, self.weight, None)

    def flops(self, x: Tensor, y: Tensor) -> int:
        """A multiply-add for every token and channel."""
        return 2 * y.size * int(x.shape[-1])
