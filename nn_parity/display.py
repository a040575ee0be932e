"""What a training looks like in a terminal, in a pipe, and in 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from . import data
from .lockstep import Training
from .recipes import Recipe


class Display:
    """Prints one training, from its first line to its last."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, markup=False, emoji=False)

    def begin(self, recipe: Recipe, training: Training, dtype: str, candidate: str) -> None:
        """What is going to happen."""
        task, say = training.task, self.console.print
        say(f"{recipe.name}: {recipe.title}", style="bold")
        tested = f", {len(task.test_inputs):,} to test" if task.tested_on == "test" else ""
        say(f"data     {recipe.data}: {len(task.inputs):,} examples{tested} ({task.source})")
        say(f"network  {recipe.network}, {dtype}, learning rate {_rates(training)}")
        say(f"run      {training.epochs:,} epochs in batches of {training.batch_size:,}, {training.steps:,} steps")
        labels = " and ".join(side.label for side in training.sides)
        if candidate != "scratch":
            labels = labels.replace("scratch", f"scratch (the package {candidate})")
        say(f"side     {labels}" + (", in lockstep" if len(training.sides) > 1 else ""))
        if recipe.by_hand is not None:
            by_hand = training.measure.text(training.by_hand(recipe))
            say(f"by hand  {training.measure.name} {by_hand} with the weights that a person would choose")
        say()
        say(self._heading(training), style="bold")

    def follow(self, training: Training) -> Iterator[int]:
        """The steps of a training, while a bar shows how far it is and a line is printed at every checkpoint."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        with bar:
            job = bar.add_task("", total=training.steps)
            printed = 0
            for taken in training:
                bar.update(job, completed=taken, description=self._now(training))
                if len(training.sides[0].scores) > printed:
                    printed = len(training.sides[0].scores)
                    bar.console.print(self._row(training))
                yield taken

    def finish(self, recipe: Recipe, training: Training, interrupted: bool) -> None:
        """What was reached, and in what time."""
        say = self.console.print
        say()
        if interrupted:
            say(f"interrupted after {training.taken:,} of {training.steps:,} steps", style="yellow")
        for side in training.sides:
            measure, value = training.measure, side.scores[-1][1]
            reached = measure.reached(value, recipe.goal)
            verdict = "reached" if reached else "missed"
            say(
                f"{side.label:<8} {training.task.tested_on} {measure.name} {measure.text(value)}, "
                f"target {measure.text(recipe.goal)} {verdict}, {_time(side.seconds)}",
                style="green" if reached else "red",
            )
        if len(training.sides) > 1:
            say(
                f"largest difference of the losses: {training.difference.largest:.1e}, "
                f"at step {training.difference.step:,}\n"
                f"largest difference of the parameters at the end: {training.parameter_difference():.1e}"
            )
        if recipe.report is not None:
            reports = [recipe.report(training.task, side.parameters(), side.predict) for side in training.sides]
            for report in dict.fromkeys(reports):
                say()
                say(f"learned by {' and '.join(s.label for s, r in zip(training.sides, reports) if r == report)}")
                say(report)

    def _heading(self, training: Training) -> str:
        sides = "".join(f"{side.label + ' loss':>14}{training.measure.name:>10}" for side in training.sides)
        return f"{'epoch':>11}{sides}" + ("  difference so far" if len(training.sides) > 1 else "")

    def _row(self, training: Training) -> str:
        """The epoch, and for each side the mean loss since the row before and the score."""
        sides = ""
        for side in training.sides:
            since = side.scores[-2][0] if len(side.scores) > 1 else 0
            losses = side.losses[since : training.taken]
            sides += f"{sum(losses) / len(losses):>14.4g}{training.measure.text(side.scores[-1][1]):>10}"
        line = f"{training.taken / training.steps_per_epoch:>7.4g}/{training.epochs:<3}{sides}"
        if len(training.sides) > 1:
            line += f"{training.difference.largest:>19.1e}"
        return line

    def _now(self, training: Training) -> str:
        text = f"loss {training.sides[0].losses[-1]:.4f}"
        if len(training.sides) > 1:
            text += f"  difference ≤ {training.difference.largest:.1e}"
        return text


def print_projects(recipes: Iterable[Recipe]) -> None:
    """The table of `nn-parity projects`."""
    table = Table("project", "what", "data", "target", box=None, pad_edge=False)
    for recipe in recipes:
        table.add_row(recipe.name, recipe.title, recipe.data, recipe.score.text(recipe.goal))
    Console(highlight=False, markup=False).print(table)


def print_data() -> None:
    """The list of `nn-parity data`: a path has a line of its own, so that it can be copied whole."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for name in data.names():
        indent = 17 * " "
        console.print(textwrap.fill(data.describe(name), 80, initial_indent=f"{name:<17}", subsequent_indent=indent))
        console.print(indent + (data.where(name) or _how_to_get(name)))
    console.print("\nNN_PARITY_DATA names a folder to look in first. What is downloaded is kept in")
    console.print(str(data.cache_folder()))


def _how_to_get(name: str) -> str:
    if name in ("breast_cancer", "diabetes", "digits"):
        return "pip install 'nn-parity[data]'"
    return "downloaded when first used"


def _rates(training: Training) -> str:
    """The learning rate at the start and at the end."""
    first, last = (training.learning_rate * training.schedule(done) for done in (0.0, 1.0))
    return f"{first:g}" if first == last else f"{first:g} → {last:g}"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"
