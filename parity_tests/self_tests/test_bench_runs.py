"""Benchmarks: runs, what has changed between two, the report of them, and the command."""

import copy
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from benchmarks import conftest as benchmarks_conftest
from nn_parity.bench import charts, compare, peers, report, request, roofline, run, saved, steps
from nn_parity.bench.request import Request, Set
from nn_parity.bench.timing import Plan
from nn_parity.cli import app

from ..catalogue import ROWS
from .bench_clocks import Work

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def call(*arguments):
    return CliRunner().invoke(app, ["bench", *map(str, arguments)], prog_name="nn-parity", env={"COLUMNS": "80"})


@pytest.fixture(autouse=True, scope="module")
def _quick_roofline():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roofline, "MATRIX", 64)
        patch.setattr(roofline, "COPY_BYTES", 4096)
        patch.setattr(roofline, "PLAN", Plan(seconds=0.01, least=3, most=3, repeats=1))
        yield


@pytest.fixture
def work(monkeypatch):
    return Work(monkeypatch)


def test_a_slow_down_of_one_op_is_shown_and_nothing_else(work):
    before = work.run()
    assert len(before["results"]) == 4
    work.cost["ops.activations.tanh"] *= 2
    found = compare.changes(before, work.run())
    assert len(found) == 4
    slower = [change for change in found if change.regressed(0.25)]
    assert [change.key[:3] for change in slower] == [
        ("ops.activations.tanh", "small", "forward"), ("ops.activations.tanh", "small", "forward + backward"),
    ]  # fmt: skip
    assert all(change.factor == 2.0 for change in slower)


def test_the_spread_of_a_run_in_words():
    results = [{"ratios": {"scratch": {"value": 1.0, "low": 1.0, "high": 1 + n / 100}}} for n in range(11)]
    said = "half of the intervals span up to 5%, nine of ten up to 9%, the widest 10%"
    assert compare.spread({"results": results}) == said
    assert compare.spread({"results": []}) == ""


def test_two_runs_of_pytest_benchmark_on_one_machine_say_the_same_of_it(monkeypatch):
    found = [{"cpu": {"brand_raw": "x", "hz_actual": [n, 0]}} for n in (1, 2)]
    for load, info in enumerate(found):
        monkeypatch.setattr("os.getloadavg", lambda load=load: (load, load, load))
        benchmarks_conftest.pytest_benchmark_update_machine_info(None, info)
    assert found[0] == found[1]
    assert found[0]["nn-parity"]["versions"]["NumPy"]


def test_a_change_within_the_spread_is_no_regression():
    one = compare.Change(("a", "small", "forward", 1), before=1.0, after=2.0, certain=False)
    assert not one.regressed(0.1)


@pytest.fixture(scope="module")
def found():
    chosen = Set("test", ("small", "medium"), Plan(seconds=0.01, least=3, most=3), growth=True)
    made = run.Run(Request(chosen, only="activations.relu"), ROWS)
    list(made)
    return json.loads(json.dumps(made.as_dict()))


def test_a_run_says_where_it_was_made_and_survives_its_file(found, tmp_path):
    saved.save(found, tmp_path / "run.json")
    read = saved.read(tmp_path / "run.json")
    assert [compare.key(r) for r in read["results"]] == [compare.key(r) for r in found["results"]]
    assert read["machine"]["versions"].keys() == {"nn-parity", "Python", "NumPy", "PyTorch"}
    assert read["machine"]["blas"]
    assert read["rooflines"]["1"]["flops"] > 0
    assert any(r["over"] == "elements" for r in read["results"])


class Links(HTMLParser):
    """What a page would fetch."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [v for k, v in attrs if k in ("src", "href") and v and not v.startswith("#")]


def test_the_page_needs_nothing_else_and_has_every_figure(found):
    found, slower = copy.deepcopy(found), copy.deepcopy(found)
    for one, factor in ((found, 1), (slower, 3)):  # without a spread: how wide it is depends on what else runs here
        for result in one["results"]:
            for ratio in result["ratios"].values():
                ratio.update(dict.fromkeys(ratio, factor * ratio["value"]))
    page = report.page([("cpu", found), ("other <machine>", slower)])
    links = Links()
    links.feed(page)
    assert links.found == []
    assert "@import" not in page and "url(" not in page
    for expected in ("other &lt;machine&gt;", found["machine"]["processor"], "activations.relu", "<svg", "p = ",
                     "changed by more than a tenth", 'id="roofline"', "prefers-color-scheme: dark"):  # fmt: skip
        assert expected in page, expected
    assert page.count("3.00×") == len(found["results"])


def test_the_tables_in_markdown_have_as_many_columns_as_heads(found):
    text = report.markdown([("cpu", found)])
    tables = re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)
    assert len(tables) == 2
    for table in tables:
        assert len({line.count("|") for line in table.strip().splitlines()}) == 1
    assert "| `ops.activations.relu` |" in text


def test_the_picture_is_drawn_for_light_and_dark(found):
    drawn = report.picture(found)
    assert drawn.count("<circle") == 4 + 2
    assert "prefers-color-scheme:dark" in drawn


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.slow
def test_the_page_in_a_browser(found, tmp_path):
    page = tmp_path / "page.html"
    checks = """<script>
    const heading = document.querySelector("#heat th:nth-child(3)"); heading.click();
    const field = document.querySelector("#heat input"); field.value = "no such thing";
    field.dispatchEvent(new Event("input"));
    const hidden = [...document.querySelectorAll("#heat tbody tr")].every((row) => row.hidden);
    document.title = [heading.getAttribute("aria-sort"), hidden, document.querySelectorAll("svg").length].join(" ");
    </script>"""
    page.write_text(report.page([("cpu", found)]) + checks, encoding="utf-8")
    browser = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu"]
    dumped = subprocess.run([*browser, "--dump-dom", page.as_uri()], capture_output=True, encoding="utf-8", check=True)
    title = re.search(r"<title>(.*?)</title>", dumped.stdout)
    assert title is not None
    assert re.fullmatch(r"ascending true [2-9]", title[1])
    narrow = tmp_path / "narrow.html"
    narrow.write_text(
        f'<iframe id="f" style="width:400px;height:900px" src="{page.as_uri()}"></iframe><script>'
        "f.onload = () => { document.title = f.contentDocument.documentElement.scrollWidth; };</script>",
        encoding="utf-8",
    )
    arguments = ["--allow-file-access-from-files", "--virtual-time-budget=3000", "--dump-dom", narrow.as_uri()]
    dumped = subprocess.run([*browser, *arguments], capture_output=True, encoding="utf-8", check=True)
    width = re.search(r"<title>(\d+)</title>", dumped.stdout)
    assert width is not None
    assert int(width[1]) <= 400, "the page itself scrolls sideways"


def test_figures_for_people():
    assert [charts.seconds(s) for s in (2e-9, 3.25e-6, 0.0129, 2.0, 123.0)] == [
        "2 ns",
        "3.2 µs",
        "13 ms",
        "2 s",
        "123 s",
    ]
    assert [charts.quantity(q) for q in (5, 1500, 2.5e6, 3e9, 1e12)] == ["5", "1.5k", "2.5M", "3G", "1T"]
    assert [report.number(r) for r in (0.034, 1.0, 9.994, 12.34, 190.4)] == ["0.03", "1.00", "9.99", "12.3", "190"]
    assert report.colour(0.5) != report.colour(2.0)


def test_a_step_of_each_project_agrees_before_it_is_timed():
    by_name = {workload.component: workload for workload in steps.of_projects(ROWS)}
    prepared = by_name["projects.xor"].prepare(["torch", "scratch"], "scratch")
    assert set(prepared.sides) == {"torch", "scratch"}
    assert prepared.operations > 0


def test_a_peer_computes_the_same_step():
    prepared = steps.beside_peers(["scikit-learn"]).prepare(["torch", "scratch"], "scratch")
    assert set(prepared.sides) == {"torch", "scratch", "scikit-learn"}


def test_a_peer_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(peers.PEERS, "JAX", ("no_such_file", "jax"))
    result = call("quick", "--peer", "jax", "-k", "relu")
    assert result.exit_code == 1
    assert "JAX is not installed: pip install jax" in result.output
    assert "nn-parity[peers]" in result.output


@pytest.mark.parametrize(
    ("arguments", "says", "status"),
    [
        (("quick", "--peer", "numpy"), "there are autograd, tinygrad, JAX, scikit-learn", 2),
        (("quick", "-k", "no_such_component"), "no component with a workload", 2),
        (("quick", "-o", "nowhere/run.json"), "there is no folder nowhere", 2),
        (("quick", "--max-regression", "0.2"), "goes with --baseline", 2),
        (("quick", "--baseline", "nowhere.json"), "cannot be read", 1),
        (("report", __file__), "is not JSON", 1),
        (("report",), "Missing argument", 2),
        (("quick", "--device", "tpu"), "'tpu' is not one of", 2),
    ],
)
def test_wrong_usage_is_explained(arguments, says, status):
    result = call(*arguments)
    assert result.exit_code == status
    assert says in " ".join(result.output.split())


def test_help_has_examples():
    assert "nn-parity bench report full.json" in call("--help").output
    assert "--max-regression" in call("quick", "--help").output


def test_the_command_measures_reports_and_fails_on_a_regression(tmp_path, monkeypatch):
    quick = Set("quick", ("small",), Plan(seconds=0.01, least=3, most=3), main_direction_only=True)
    monkeypatch.setattr(request, "QUICK", quick)
    file = tmp_path / "run.json"
    result = call("quick", "-k", "activations.relu", "-o", file)
    assert result.exit_code == 0, result.output
    assert max(map(len, (line for line in result.output.splitlines() if str(tmp_path) not in line))) <= 80
    assert "activations.relu" in result.output
    assert call("report", file).exit_code == 0
    assert (tmp_path / "run.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    before = json.loads(file.read_text())
    for one in before["results"]:
        for ratio in one["ratios"].values():
            ratio.update({key: value / 1000 for key, value in ratio.items()})
    (tmp_path / "old.json").write_text(json.dumps(before))
    arguments = ("quick", "-k", "activations.relu", "-o", file, "--baseline", tmp_path / "old.json")
    assert call(*arguments).exit_code == 0
    failed = call(*arguments, "--max-regression", "0.5")
    assert failed.exit_code == 1
    assert "slower: ops.activations.relu · small · forward + backward" in failed.output
