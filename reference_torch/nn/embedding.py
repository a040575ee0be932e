"""The embedding layer, and the output layer that shares its weight."""

from torch import Tensor, nn
from torch.nn import Embedding


class TiedOutput(nn.Module):
    """A score for every token: a Linear without bias whose weight is that of the embedding."""

    def __init__(self, embedding: Embedding) -> None:
        super().__init__()
        self.weight = embedding.weight

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., embedding_dim) → logits: (..., num_embeddings)."""
        return nn.functional.linear(x, self.weight)


__all__ = ["Embedding", "TiedOutput"]
