"""scikit-learn's MLPClassifier, one call of partial_fit for each batch. https://scikit-learn.org"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped,unused-ignore]


class Network:
    """See the package."""

    def __init__(self, parameters: dict[str, Any], *, momentum: float) -> None:
        weights = [value for name, value in parameters.items() if name.endswith("weight")]
        biases = [value for name, value in parameters.items() if name.endswith("bias")]
        self.classes = np.arange(len(biases[-1]))
        self.model = MLPClassifier(
            tuple(len(bias) for bias in biases[:-1]), solver="sgd", alpha=0.0, momentum=momentum,
            nesterovs_momentum=False, batch_size=1, shuffle=False,
        )  # fmt: skip
        first = weights[0]
        # It draws its own parameters in its first call: one on zeros, whose update is then overwritten.
        self.model.partial_fit(np.zeros((1, first.shape[1]), first.dtype), self.classes[:1], classes=self.classes)
        self.model.coefs_ = [weight.T.copy() for weight in weights]
        self.model.intercepts_ = [bias.copy() for bias in biases]
        del self.model._optimizer  # made anew over the parameters it will see
        self.rate: float | None = None
        self.names = list(parameters)

    def state_dict(self) -> dict[str, Any]:
        """By name."""
        pairs = zip(self.model.coefs_, self.model.intercepts_, strict=True)
        return dict(zip(self.names, [a for weight, bias in pairs for a in (weight.T, bias)], strict=True))

    def step(self, x: Any, target: Any, learning_rate: float) -> float:
        """One update → the loss before it."""
        if self.rate != learning_rate:
            self.rate = self.model.learning_rate_init = learning_rate
            if hasattr(self.model, "_optimizer"):
                self.model._optimizer.learning_rate = learning_rate
        self.model.batch_size = len(x)
        self.model.partial_fit(x, target)
        return float(self.model.loss_)
