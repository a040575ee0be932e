"""Lesson 13: a forecast, a reader and a writer, end to end."""

from ..harness.entry import Mistake, Project

NO_RESET = Mistake("the gradients of all steps so far are added up", "        self.optimizer.zero_grad()\n", "")
ROWS: tuple[Project, ...] = (
    Project(
        "projects.sunspots",
        lesson=13,
        title="Project: sunspots, a forecast",
        head="output.",
        mistakes=(
            NO_RESET,
            Mistake("the output is the forecast, not what is added to this year", "x[:, -1] + self.output", "self.output"),
            Mistake("added to the first year of the window", "x[:, -1] + self.output", "x[:, 0] + self.output"),
            Mistake("the first state is read, not the last", "self.output(y[:, -1])", "self.output(y[:, 0])"),
            Mistake("the gradient stops before the LSTM", "self.output(y[:, -1])", "self.output(y[:, -1].detach())"),
            Mistake("steps and windows change places", "self.lstm(x)", "self.lstm(x.transpose(0, 1))[0].transpose(0, 1), 0"),
            Mistake("the loss is a sum", "nn.MSELoss()", 'nn.MSELoss(reduction="sum")'),
            Mistake("the learning rate of the recipe is not used", '.param_groups[0]["lr"] = learning_rate', '.param_groups[0]["lr"] = 0.001'),
        ),
    ),
    Project(
        "projects.digit_reader",
        lesson=13,
        title="Project: digits, column by column",
        head="output.",
        mistakes=(
            NO_RESET,
            Mistake("the state after the padding is read", "Tensor(x), None, lengths_of(x))", "Tensor(x), None, None)"),
            Mistake("a sequence ends before its last column", "np.maximum(places.max(axis=1), 1)", "np.maximum(places.max(axis=1) - 1, 1)"),
            Mistake("columns with ink are counted: where one is blank, the end is cut off", "places.max(axis=1)", "ink.sum(axis=1)"),
            Mistake("all sequences are as long as the longest", "np.maximum(places.max(axis=1), 1)", "np.maximum(places.max(axis=1), places.max())"),
            Mistake("the first state is read, not the last", "self.output(last[0])", "self.output(self.gru(Tensor(x), None, lengths_of(x))[0][:, 0])"),
            Mistake("the gradient stops before the GRU", "self.output(last[0])", "self.output(last[0].detach())"),
            Mistake("pixels from the bottom to the top", "self.gru(Tensor(x)", "self.gru(Tensor(x[:, :, ::-1].copy())"),
            Mistake("the learning rate of the recipe is not used", '.param_groups[0]["lr"] = learning_rate', '.param_groups[0]["lr"] = 0.001'),
        ),
    ),
    Project(
        "projects.char_rnn",
        lesson=13,
        title="Project: Shakespeare by characters",
        slow=True,
        head="output.",
        mistakes=(
            NO_RESET,
            Mistake("the gradient stops before the LSTM", "self.output(y)", "self.output(y.detach())"),
            Mistake("the gradient stops before the embedding", "self.embedding(x))", "self.embedding(x).detach())"),
            Mistake("guesses the character that it sees", "Tensor(target.reshape(-1))", "Tensor(x.reshape(-1))"),
            Mistake("targets in the order of steps, logits in that of windows", "target.reshape(-1)", "target.T.reshape(-1)"),
            Mistake("the learning rate of the recipe is not used", '.param_groups[0]["lr"] = learning_rate', '.param_groups[0]["lr"] = 0.001'),
        ),
    ),
)  # fmt: skip
