"""The command `nn-parity`: train a project on either side or both, see what there is to train and to learn from."""

from __future__ import annotations

import difflib
import io
import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import __version__
from .commands import (
    bench,
    check,
    demo,
    detect,
    diff,
    draw,
    generate,
    grade,
    hint,
    look,
    neighbours,
    next,
    picture,
    replay,
    report,
    show,
    start,
    watch,
)

# What a command needs is imported inside of it: `nn-parity --help` answers at once.
if TYPE_CHECKING:
    from .lockstep import Training
    from .recipes import Recipe

EXIT_FAILED, EXIT_INTERRUPTED = 1, 130  # wrong usage is 2, which Typer sees to

app = typer.Typer(
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    no_args_is_help=True,
    rich_markup_mode=None,  # plain text reads the same in a terminal, a pipe and a log
    pretty_exceptions_enable=False,
)


app.add_typer(demo.app, name="demo")
app.add_typer(bench.app, name="bench")
app.add_typer(picture.app, name="picture")


class Which(StrEnum):
    """The side that is trained."""

    scratch = "scratch"
    torch = "torch"
    both = "both"


class Dtype(StrEnum):
    """The numbers that the networks compute with."""

    float32 = "float32"
    float64 = "float64"


for _name, _command in (
    ("check", check.check),
    ("start", start.start),
    ("next", next.next_),
    ("hint", hint.hint),
    ("show", show.show),
    ("watch", watch.watch),
    ("replay", replay.replay),
    ("diff", diff.diff),
    ("report", report.report),
    ("grade", grade.grade),
    ("look", look.look),
    ("detect", detect.detect),
    ("draw", draw.draw),
    ("generate", generate.generate),
    ("neighbours", neighbours.neighbours),
):
    app.command(_name)(_command)


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a code page without a letter is no reason to stop
            stream.reconfigure(errors="replace")
    app(prog_name="nn-parity")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"nn-parity {__version__}")
        raise typer.Exit


@app.callback()
def nn_parity(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Neural networks twice, in NumPy and in PyTorch: train either, or both in lockstep.

    \b
    Examples:
      nn-parity projects                      what can be trained
      nn-parity data                          which data sets are on this machine
      nn-parity train xor                     the NumPy network, in a second
      nn-parity train mnist_mlp --side both   both, and how far apart they are
      nn-parity demo initialization           what bad first values do
      nn-parity detect boxes.png              digits found by a small YOLO
    """  # noqa: D301


@app.command()
def projects() -> None:
    """List what can be trained, from which data, and the accuracy to reach."""
    from . import display
    from .recipes import RECIPES

    display.print_projects(RECIPES.values())


@app.command()
def data() -> None:
    """List the data sets: where each was found, or how to get it."""
    from . import display

    display.print_data()


@app.command()
def train(
    name: Annotated[str, typer.Argument(metavar="PROJECT", help="One of `nn-parity projects`.")],
    side: Annotated[Which, typer.Option(help="The NumPy network, the PyTorch network, or both.")] = Which.scratch,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the data.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Stop after so many updates.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Examples in an update.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="At the start; it falls to zero.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the data, the first weights, the order.")] = 0,
    dtype: Annotated[Dtype, typer.Option(help="The numbers to compute with.")] = Dtype.float32,
    candidate: Annotated[str, typer.Option(metavar="PACKAGE", help="A package with a tree like scratch/.")] = "scratch",
    plot: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw the curves (with Matplotlib).")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the results.")] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the trained parameters (safetensors).")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Fail when the target is missed.")] = False,
) -> None:
    """Train a project: without options, by its recipe.

    With --side both, the two networks start from the same parameters and see
    the same batches; the table shows the largest difference of their losses so
    far. In float32 it grows, since every later step builds on earlier roundings.

    \b
    Examples:
      nn-parity train digits
      nn-parity train spiral --side both --dtype float64 --plot spiral.png
      nn-parity train mnist_mlp --side torch --epochs 3 --seed 1
      nn-parity train mini_gpt --save mini_gpt.safetensors
      nn-parity train xor --candidate my_nn --side both
      nn-parity train digits --check --json digits.json

    \b
    Exit status:
      0    done
      1    failed, or the target was missed under --check
      2    wrong usage
      130  interrupted with Ctrl-C, after printing what was reached
    """  # noqa: D301
    if side is Which.both:
        # OpenBLAS's threads wait for more work for a tenth of a second, and PyTorch's for the core that they hold:
        # unless they are told, before NumPy is imported, to give up after 2¹⁰ cycles.
        os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "10")
    from .display import Display
    from .lockstep import TrainingError

    recipe = _find(name)
    if learning_rate is not None and not 0 < learning_rate < float("inf"):
        raise typer.BadParameter("must be a positive number", param_hint="--learning-rate")
    _check_candidate(candidate, side)
    _check_files(plot, json_file, save)
    changes = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "limit": steps}
    display = Display()
    interrupted = False
    try:
        training = _prepare(recipe, side, candidate, seed, dtype, changes)
        display.begin(recipe, training, dtype, candidate)
        try:
            for _ in display.follow(training):
                pass
        except KeyboardInterrupt:
            if not training.taken:
                raise
            interrupted = True
            training.score()
        display.finish(recipe, training, interrupted)
        _write(recipe, training, seed, dtype, plot, json_file)
        if save is not None:
            from . import checkpoints

            checkpoints.save(save, recipe.name, training.sides[0].parameters(), training.task.words)
            typer.echo(f"parameters of {training.sides[0].label}: {save}")
    except KeyboardInterrupt:
        typer.echo("nn-parity: interrupted", err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except TrainingError as error:
        _fail(str(error))
    if interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)
    if check and not training.reached(recipe.goal):
        raise typer.Exit(EXIT_FAILED)


def _find(name: str) -> Recipe:
    from .recipes import RECIPES

    if name in RECIPES:
        return RECIPES[name]
    near = difflib.get_close_matches(name, RECIPES, n=2, cutoff=0.4)
    advice = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(RECIPES)}"
    raise typer.BadParameter(f"no project is called {name!r}; {advice}", param_hint="PROJECT")


def _check_candidate(candidate: str, side: Which) -> None:
    if candidate == "scratch":
        return
    if not all(part.isidentifier() for part in candidate.split(".")):
        raise typer.BadParameter(f"{candidate!r} is no name of a package", param_hint="--candidate")
    if side is Which.torch:
        raise typer.BadParameter("is for the scratch side, which --side torch leaves out", param_hint="--candidate")
    sys.path.insert(0, str(Path.cwd()))  # a learner's package lies where the learner stands


def _check_files(plot: Path | None, json_file: Path | None, save: Path | None) -> None:
    """Before a long run, not after it: can the results be written?"""
    for file, option in ((plot, "--plot"), (json_file, "--json"), (save, "--save")):
        if file is not None and not file.absolute().parent.is_dir():
            raise typer.BadParameter(f"there is no folder {file.parent}", param_hint=option)
    if plot is not None:
        from .plots import PlotError, check_format

        try:
            check_format(plot)
        except PlotError as error:
            raise typer.BadParameter(str(error), param_hint="--plot") from error


def _prepare(
    recipe: Recipe, side: Which, candidate: str, seed: int, dtype: Dtype, changes: dict[str, float | int | None]
) -> Training:
    """Data, networks and the plan of the run. Raises TrainingError."""
    from .data import DataError
    from .lockstep import Training, TrainingError, sides_of

    sides = sides_of(recipe, side, recipe.parameters(seed, dtype.value), candidate)
    try:
        task = recipe.task(seed, dtype.value)
    except DataError as error:
        raise TrainingError(str(error)) from error
    return Training.by(
        recipe, task, sides, seed=seed, **{name: value for name, value in changes.items() if value is not None}
    )


def _write(
    recipe: Recipe, training: Training, seed: int, dtype: Dtype, plot: Path | None, json_file: Path | None
) -> None:
    if json_file is not None:
        results = {"project": recipe.name, "seed": seed, "dtype": dtype.value, **training.results(recipe.goal)}
        json_file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        typer.echo(f"results: {json_file}")
    if plot is not None:
        from .plots import curves

        curves(recipe, training, plot)
        typer.echo(f"curves: {plot}")


def _fail(message: str) -> None:
    typer.echo(f"nn-parity: {message}", err=True)
    raise typer.Exit(EXIT_FAILED)
