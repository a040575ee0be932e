"""A GPT small enough for a laptop: characters in, the next character out; after some minutes it writes Shakespeare.

    logits = GPT2(characters)                  (B, T, 65): after each character, scores for the one that follows
    loss   = cross_entropy(logits, target)     target[b, t] = character[b, t + 1]

4 blocks of 4 heads and 128 channels, 0.8 million parameters; 12 stretches of 64 characters a step, of which every one
is 64 examples. At first the loss is log 65 = 4.17: all characters are equally likely. How often each occurs makes it
3.3, pairs of characters 2.5; below 2 it has words, and lines of a play with names before them.

A step. The gradients of all parameters together, as one vector, are shortened to length 1 if they are longer: a rare
bad batch must not throw the model far. AdamW with β₂ = 0.99 instead of 0.999, as the batches are small; matrices are
decayed, biases and the parameters of norms are not. The learning rate rises for a twentieth of the steps, and then
falls along half a cosine to a tenth.

Source: Karpathy 2022, nanoGPT; Radford et al. 2019 (GPT-2). PyTorch: torch.optim.AdamW, torch.nn.utils.clip_grad_norm_.
"""

from typing import Any

from ..autograd.tape import no_grad
from ..nn.gpt2 import GPT2
from ..nn.losses import apply_cross_entropy
from ..optim.adamw import AdamW
from ..optim.clip_grad_norm import clip_grad_norm_
from ..types import Array


class Network:
    """tokens (B, T) → logits (B, T, V); how large it is, its parameters say."""

    def __init__(
        self,
        parameters: dict[str, Array],
        *,
        heads: int,
        betas: tuple[float, float],
        weight_decay: float,
        max_norm: float,
    ) -> None:
        vocabulary, features = parameters["wte.weight"].shape
        blocks = sum(name.endswith("ln_1.weight") for name in parameters)
        self.model = GPT2(
            vocabulary,
            len(parameters["wpe.weight"]),
            features,
            blocks,
            heads,
            dtype=parameters["wte.weight"].dtype,
        )
        self.model.load_state_dict(parameters)
        matrices = [p for p in self.model.parameters() if p.ndim > 1]
        vectors = [p for p in self.model.parameters() if p.ndim == 1]
        groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
        self.optimizer = AdamW(groups, betas=betas)
        self.max_norm = max_norm

    def state_dict(self) -> dict[str, Array]:
        """The parameters, by GPT-2's names."""
        return self.model.state_dict()

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (B, T) and target: (B, T) token numbers → the loss before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        logits = self.model(x)
        loss = apply_cross_entropy(logits.reshape(target.size, logits.shape[-1]), target.reshape(-1))
        self.optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(self.model.parameters(), self.max_norm)
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Any:
        """x: (B, T) → logits: (B, T, V)."""
        with no_grad():
            return self.model(x).numpy()
