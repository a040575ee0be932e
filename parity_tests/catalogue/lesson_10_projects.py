"""Lesson 10: projects that use what helps training."""

from ..harness.entry import Mistake, Project

IN_INFERENCE = Mistake("trained in inference mode", "self.train()", "self.eval()")
ADDED_UP = Mistake("gradients of all steps add up", "        self.optimizer.zero_grad()\n", "")
OWN_RATE = Mistake("the schedule is ignored", "= learning_rate\n", "= 1e-3\n")

ROWS = (
    Project(
        "projects.mnist_batch_norm",
        lesson=10,
        title="Project: MNIST, batch norm and dropout",
        slow=True,
        steps=4,
        head="layer3.",
        mistakes=(
            IN_INFERENCE,
            ADDED_UP,
            OWN_RATE,
            Mistake(
                "no dropout",
                "self.dropout1(self.relu(self.norm1(self.layer1(x))))",
                "self.relu(self.norm1(self.layer1(x)))",
            ),
            Mistake(
                "normalized after the ReLU",
                "self.relu(self.norm1(self.layer1(x)))",
                "self.norm1(self.relu(self.layer1(x)))",
            ),
            Mistake("one mask for both layers' generator", "generator=2", "generator=1"),
            Mistake(
                "the rate of Adam's own",
                "self.optimizer.step()",
                "self.optimizer.param_groups[0].update(lr=1e-3)\n        self.optimizer.step()",
            ),
        ),
    ),
    Project(
        "projects.early_stopping",
        lesson=10,
        title="Project: breast cancer, early stopping",
        steps=40,
        mistakes=(
            ADDED_UP,
            OWN_RATE,
            Mistake("stays at the last epoch", "            self.stopping.restore(self)\n", "            pass\n"),
            Mistake("back to the best at every epoch", "        if over:\n", "        if self.stopping.best_state:\n"),
            Mistake(
                "back to the first epoch, not the best",
                "step(loss, self)",
                "step(loss, None if self.stopping.best_state else self)",
            ),
            Mistake("waits for a loss that grows", "self.stopping.step(loss", "self.stopping.step(-loss"),
            Mistake("one epoch less of patience", "EarlyStopping(patience)", "EarlyStopping(patience - 1)"),
            Mistake(
                "a ReLU on the logit",
                "self.layer2(self.relu(self.layer1(x)))",
                "self.relu(self.layer2(self.relu(self.layer1(x))))",
            ),
        ),
    ),
    Project(
        "projects.diabetes",
        lesson=10,
        title="Project: diabetes, a regression",
        steps=20,
        mistakes=(
            IN_INFERENCE,
            ADDED_UP,
            OWN_RATE,
            Mistake("weights do not decay", "weight_decay=weight_decay", "weight_decay=0.0"),
            Mistake("no dropout", "self.dropout(self.relu(self.layer1(x)))", "self.relu(self.layer1(x))"),
            Mistake("the sum of the squares", "MSELoss()", 'MSELoss(reduction="sum")'),
            Mistake(
                "Adam, which decays through the gradient",
                "AdamW(self.parameters()",
                "AdamW.__mro__[1](self.parameters()",
            ),
        ),
    ),
)
