"""`nn-parity bench`: time the components and the projects beside PyTorch, and make a report of it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

EXIT_FAILED, EXIT_INTERRUPTED = 1, 130

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, context_settings={"max_content_width": 80})


class Device(StrEnum):
    """Where PyTorch computes."""

    cpu = "cpu"
    cuda = "cuda"


class Threads(StrEnum):
    """How many threads both sides get."""

    one = "1"
    all = "all"
    both = "both"


Output = Annotated[Path, typer.Option("--output", "-o", metavar="RUN.json", help="Where the run is written.")]
Only = Annotated[str, typer.Option("-k", metavar="TEXT", help="Only components whose name contains this.")]
Device_ = Annotated[Device, typer.Option("--device", help="cuda: PyTorch on the GPU; scratch on CuPy if installed.")]
Threads_ = Annotated[Threads, typer.Option(help="One thread, all of them, or one after the other.")]
Compiled = Annotated[bool, typer.Option("--compile", help="Time torch.compile as well.")]
Candidate = Annotated[str, typer.Option(metavar="PACKAGE", help="A package with a tree like scratch/.")]
Baseline = Annotated[Path | None, typer.Option(metavar="RUN.json", help="Compare with this run.")]
MaxRegression = Annotated[
    float | None,
    typer.Option(metavar="SHARE", help="With --baseline: fail when a ratio has grown by more; 0.25 is a quarter."),
]
Peers = Annotated[
    list[str] | None,
    typer.Option("--peer", metavar="NAME", help="Also autograd, tinygrad, JAX or scikit-learn; may be repeated."),
]


@app.callback()
def bench() -> None:
    """Time every component and every project beside PyTorch.

    Both sides get the same arrays, dtype and number of threads. They run in
    turn, round by round, and the figure is the ratio of the medians: 0.5 means
    that NumPy takes half as long as PyTorch. Readings that a neighbour on the
    processor has disturbed are made again, within limits, and everything is
    timed in several passes, on arrays that lie elsewhere in memory each time;
    what is uncertain then, in a few more. What does not agree with PyTorch is
    not timed.

    \b
    Examples:
      nn-parity bench quick                      a first impression, minutes
      nn-parity bench quick -k softmax           one component
      nn-parity bench full -o full.json          everything, an hour or more
      nn-parity bench report full.json           full.html and full.md
      nn-parity bench quick --baseline old.json --max-regression 0.25
    """  # noqa: D301


@app.command()
def quick(
    output: Output = Path("bench-quick.json"),
    only: Only = "",
    device: Device_ = Device.cpu,
    threads: Threads_ = Threads.one,
    peer: Peers = None,
    compiled: Compiled = False,
    candidate: Candidate = "scratch",
    baseline: Baseline = None,
    max_regression: MaxRegression = None,
) -> None:
    """Time the small and medium workloads and a step of each project.

    Takes under five minutes on two cores. What is found is written even if
    you stop it with Ctrl-C: then of fewer passes.
    """
    _run("quick", output, only, device, threads, peer or [], compiled, candidate, baseline, max_regression)


@app.command()
def full(
    output: Output = Path("bench-full.json"),
    only: Only = "",
    device: Device_ = Device.cpu,
    threads: Threads_ = Threads.both,
    peer: Peers = None,
    compiled: Compiled = False,
    candidate: Candidate = "scratch",
    baseline: Baseline = None,
    max_regression: MaxRegression = None,
) -> None:
    """Time everything: all sizes and directions, growth, memory, an epoch.

    Other libraries are timed too, as far as they are installed. Takes 40
    minutes or more; what is found is written even if you stop it with Ctrl-C.
    """
    _run("full", output, only, device, threads, peer, compiled, candidate, baseline, max_regression)


@app.command()
def report(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN.json...", help="One run or several, side by side.")],
    html: Annotated[Path | None, typer.Option(metavar="FILE.html", help="The page (default: beside the run).")] = None,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE.md", help="The tables (default: likewise).")] = None,
    picture: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Also the summary as a picture.")] = None,
) -> None:
    """Make one HTML page and one Markdown file of one or several runs.

    The page needs no network and no other file. With several runs it shows
    them side by side, and what has changed from the first to each other.
    """
    from ..bench import report as made
    from ..bench.saved import NotARun, read

    try:
        found = [(file.stem, read(file)) for file in runs]
    except NotARun as error:
        _fail(str(error))
    page, table = html or runs[0].with_suffix(".html"), markdown or runs[0].with_suffix(".md")
    _check_folder(page, "--html")
    _check_folder(table, "--markdown")
    page.write_text(made.page(found), encoding="utf-8")
    table.write_text(made.markdown(found), encoding="utf-8")
    typer.echo(f"page: {page}\ntables: {table}")
    if picture is not None:
        _check_folder(picture, "--picture")
        picture.write_text(made.picture(found[0][1]), encoding="utf-8")
        typer.echo(f"picture: {picture}")


def _run(
    chosen: str,
    output: Path,
    only: str,
    device: Device,
    threads: Threads,
    peer: list[str] | None,
    compiled: bool,
    candidate: str,
    baseline: Path | None,
    max_regression: float | None,
) -> None:
    _check_folder(output, "--output")
    if max_regression is not None and (baseline is None or max_regression < 0):
        raise typer.BadParameter("goes with --baseline, and is not negative", param_hint="--max-regression")
    sys.path.insert(0, str(Path.cwd()))  # a learner's package lies where the learner stands
    try:
        from parity_tests.catalogue import ROWS

        from ..bench import placement
        from ..bench.compare import neighbours, spread
        from ..bench.follow import follow
        from ..bench.request import FULL, QUICK, Request
        from ..bench.run import Run
        from ..bench.saved import NotARun, read, save
    except ImportError as error:
        _fail(f"benchmarks need {error.name}: pip install 'nn-parity[bench]'")
    try:
        before = None if baseline is None else read(baseline)  # before the run, not after it
    except NotARun as error:
        _fail(str(error))
    _check_device(device)
    request = Request(
        QUICK if chosen == "quick" else FULL,
        only=only,
        package=candidate,
        device=device.value,
        compiled=compiled,
        peers=_peers(peer, only),
        threads=_counts(threads) if device is Device.cpu else (1,),
    )
    run = Run(request, ROWS)
    if not run.workloads():
        raise typer.BadParameter(f"no component with a workload has {only!r} in its name", param_hint="-k")
    placement.keep_freed_memory()
    interrupted = follow(run, request)
    found = run.as_dict()
    save(found, output)
    typer.echo(f"\n{len(run.results)} workloads in {found['seconds'] / 60:.1f} minutes: {output}")
    typer.echo(f"page and tables: nn-parity bench report {output}")
    typer.echo(spread(found))
    if neighbours(found):
        typer.echo(neighbours(found))
    slower = [] if before is None else _print_changes(before, found, 0.1 if max_regression is None else max_regression)
    if interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)
    if slower and max_regression is not None:
        raise typer.Exit(EXIT_FAILED)


def _counts(threads: Threads) -> tuple[int, ...]:
    from ..bench.machine import cores

    return {"1": (1,), "all": (cores(),), "both": (1, cores())}[threads.value] if cores() > 1 else (1,)


def _peers(asked: list[str] | None, only: str) -> tuple[str, ...]:
    """Those asked for must be there; None: all that are, unless the run is about some components."""
    from ..bench import peers

    if asked is None:
        return tuple(peers.PEERS) if not only else ()
    names = []
    for name in asked:
        try:
            names.append(peers.named(name))
            peers.load(names[-1])
        except KeyError:
            raise typer.BadParameter(
                f"there is no {name!r}; there are {', '.join(peers.PEERS)}", param_hint="--peer"
            ) from None
        except peers.PeerMissing as error:
            _fail(str(error))
    return tuple(names)


def _check_device(device: Device) -> None:
    if device is Device.cuda:
        import torch

        if not torch.cuda.is_available():
            _fail("--device cuda: PyTorch finds no NVIDIA GPU on this machine")


def _check_folder(file: Path, option: str) -> None:
    if not file.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {file.parent}", param_hint=option)


def _print_changes(before: dict[str, Any], after: dict[str, Any], allowed: float) -> list[Any]:
    """Those that have become slower by more than is allowed."""
    from ..bench.compare import changes

    found = changes(before, after)
    slower = [change for change in found if change.regressed(allowed)]
    typer.echo(f"\ncompared with the run of {before['started']}: {len(found)} workloads, {len(slower)} slower")
    for change in slower:
        typer.echo(f"  slower: {change.name}: {change.before:.2f} → {change.after:.2f} ({change.factor:.2f}×)")
    return slower


def _fail(message: str) -> Any:
    typer.echo(f"nn-parity: {message}", err=True)
    raise typer.Exit(EXIT_FAILED)
