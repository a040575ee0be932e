"""Words as vectors, from nothing but a text: word2vec, by skip-gram with negative sampling.

    loss = - log σ(v_context · u_center) - Σ_k log σ(- v_noise_k · u_center)        ops.embedding.skip_gram_loss

Which words stand beside "king"? A vector that is to answer this becomes like the vectors of words that stand in the
same places: "duke", "prince". So words that are used alike end up near each other, and nobody has said what any of
them means. The vectors of the centres are what one keeps; those of the context have served to train them.

A network that only knew how frequent each word is would make the held-out loss about 2.68: what is below it was learned
from who stands beside whom. In a batch most words do not occur, and the gradients of their rows are 0. AdaGrad leaves
those rows alone, and lets the rare words, which seldom get a gradient, take the longest steps.

Source: Mikolov, Sutskever, Chen, Corrado & Dean 2013, arXiv:1310.4546.
PyTorch: torch.nn.Embedding, torch.optim.Adagrad.
"""

from .. import nn
from ..autograd.bridge import differentiable
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..ops.embedding import skip_gram_loss
from ..optim.adagrad import Adagrad
from ..types import Array

apply_skip_gram_loss = differentiable(skip_gram_loss)


class Network(nn.Module):
    """center (N,) word numbers → how well each word of the vocabulary goes with it: (N, V)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        super().__init__()
        words, width = parameters["center.weight"].shape
        dtype = parameters["center.weight"].dtype
        self.center = nn.Embedding(words, width, dtype=dtype)
        self.context = nn.Embedding(words, width, dtype=dtype)
        self.load_state_dict(parameters)
        self.optimizer = Adagrad(self.parameters())

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from words (N,) and for each a neighbour and K of noise (N, 1 + K) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        neighbour, noise = target[:, 0], target[:, 1:]
        loss = apply_skip_gram_loss(x, neighbour, noise, self.center.weight, self.context.weight)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N,) → scores: (N, V)."""
        with no_grad():
            scores: Tensor = self.center(x) @ self.context.weight.T
            return scores.data
