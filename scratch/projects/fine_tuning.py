"""Fine-tuning: the network of `pretraining` goes on, with other images, few labels, and each part at its own pace.

It has learned digits from 60,000 images of MNIST. The new ones come from another scanner and other hands: 8×8 pixels,
grey levels from 0 to 16, and of ten labels a class nobody learns to see from nothing. So:

- The body begins as it was. `load_pretrained` copies it, `replace_head` puts zeros in the place of the old answers.
- What is *frozen* stays, running statistics and all. Its layers are in inference mode while the rest is trained:
  `train` is overridden, so that they are whoever calls it.
- The rest learns with *shares* of the learning rate: pretrained layers a small one, the head all of it.

With everything but the head frozen, this is *feature extraction*: a linear classifier on 128 features that somebody
else has learned. With nothing frozen and shares of 1, and numbers by chance at first, it is training from scratch.

Source: Yosinski, Clune, Bengio & Lipson 2014, "How transferable are features", arXiv:1411.1792.
"""

from collections.abc import Mapping, Sequence
from typing import Self

from ..autograd.tensor import Tensor
from ..optim.sgd import SGD
from ..training.freeze import eval_frozen, freeze
from ..training.parameter_groups import parameter_groups
from ..types import Array
from . import pretraining


class Network(pretraining.Network):
    """The same network. frozen: patterns of names that do not learn; shares: pattern → share of the learning rate."""

    def __init__(
        self,
        parameters: dict[str, Array],
        *,
        frozen: Sequence[str],
        shares: Mapping[str, float],
        momentum: float,
        weight_decay: float,
    ) -> None:
        super().__init__(parameters, momentum=momentum, weight_decay=weight_decay)
        freeze(self, *frozen)
        groups = parameter_groups(self, shares)
        self.shares = [group["lr"] for group in groups]
        self.optimizer = SGD(groups, momentum=momentum, weight_decay=weight_decay)

    def train(self, mode: bool = True) -> Self:
        """Switch to training, but for what is frozen."""
        super().train(mode)
        eval_frozen(self)
        return self

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 1, 8, 8) and target: (N,) class numbers → the loss before it."""
        self.train()
        for group, share in zip(self.optimizer.param_groups, self.shares, strict=True):
            group["lr"] = share * learning_rate
        loss = self.loss(self(Tensor(x)), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())
