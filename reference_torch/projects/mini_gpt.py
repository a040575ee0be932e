"""A GPT small enough for a laptop."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..nn.gpt2 import GPT2


class Network(nn.Module):
    """tokens (B, T) → logits (B, T, V)."""

    def __init__(
        self,
        parameters: dict[str, Tensor],
        *,
        heads: int,
        betas: tuple[float, float],
        weight_decay: float,
        max_norm: float,
    ) -> None:
        super().__init__()
        vocabulary, features = parameters["wte.weight"].shape
        blocks = sum(name.endswith("ln_1.weight") for name in parameters)
        model = GPT2(vocabulary, len(parameters["wpe.weight"]), features, blocks, heads)
        self.model = model.to(parameters["wte.weight"].dtype)
        self.model.load_state_dict(parameters)
        matrices = [p for p in self.model.parameters() if p.ndim > 1]
        vectors = [p for p in self.model.parameters() if p.ndim == 1]
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}], betas=betas
        )
        self.max_norm = max_norm

    def state_dict(self, *arguments: object, **options: object) -> dict[str, Tensor]:
        """The parameters, by GPT-2's names."""
        return self.model.state_dict()

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (B, T) and target: (B, T) token numbers → the loss before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        loss = F.cross_entropy(self.model(x).flatten(0, 1), target.flatten())
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (B, T) → logits: (B, T, V)."""
        logits: Tensor = self.model(x)
        return logits
