"""In a notebook every object shows itself, and pictures need no magic word."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import polars
import pytest

import vssim
from tests.interface.commands import ROOT, SMALL

NOTEBOOK = ROOT / "vssim" / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The example notebook after all its cells were run, without anything of it on the way."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    folder = tmp_path_factory.mktemp("notebook")
    book = nbformat.read(NOTEBOOK, as_version=4)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")  # the kernel's client warns of its own event loop
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(folder))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
        patch.setenv("JUPYTER_PATH", str(_kernel(folder)))
        nbclient.NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return book


def _kernel(folder: Path) -> Path:
    """A place where the client finds this Python as its kernel, whichever others the machine has."""
    place = folder / "kernels" / "python3"
    place.mkdir(parents=True)
    argv = f'["{sys.executable}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"]'
    (place / "kernel.json").write_text(f'{{"argv": {argv}, "display_name": "Python 3", "language": "python"}}', encoding="utf-8")
    return folder


def shown(book: Any, code: str) -> dict[str, Any]:
    """What the cell that ends with `code` shows, by kind."""
    (cell,) = [cell for cell in book.cells if cell.cell_type == "code" and cell.source.endswith(code)]
    (output,) = [output for output in cell.outputs if output.output_type == "execute_result"]
    return dict(output.data)


def test_the_example_notebook_runs_and_every_object_shows_itself(executed: Any) -> None:
    for code in ("scenario", "comparison", "run", "sweep"):
        assert "<table" in shown(executed, code)["text/html"]
    assert "cross-functional teams" in shown(executed, "comparison")["text/html"]
    for picture in ("changes(comparison)", "cumulative_flow(run)", "curve(sweep)"):
        assert len(shown(executed, picture)["image/png"]) > 5000
    assert "stop_multitasking" in shown(executed, '"both", replications=3, horizon=300)')["text/html"]
    assert "Difference(" in shown(executed, '["longest"]')["text/plain"]


def test_the_notebook_says_nothing_on_the_side(executed: Any) -> None:
    assert not [one for cell in executed.cells if cell.cell_type == "code" for one in cell.outputs if one.output_type == "stream"]


def test_names_that_are_markup_are_shown_as_text() -> None:
    scenario = vssim.loads(SMALL.replace("name: Small", "name: <script>alert(1)</script>").replace("no walls", "<b>no walls</b>"))
    for thing in (scenario, vssim.compare(scenario, jobs=1, replications=2), vssim.simulate(scenario)):
        html = thing._repr_html_()
        assert "<script>" not in html
        assert "<b>no" not in html
        assert "&lt;" in html


def test_tables_become_those_of_pandas() -> None:
    scenario = vssim.loads(SMALL)
    comparison = vssim.compare(scenario, jobs=1, replications=2)
    assert list(comparison.to_pandas().columns) == comparison.table().columns
    assert len(vssim.simulate(scenario).to_pandas()) == len(vssim.simulate(scenario).visits)
    assert len(vssim.sweep(scenario, {"wip_limit": [1, 2]}, replications=1, jobs=1).to_pandas()) > 2


def test_without_the_extra_it_says_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: polars.DataFrame) -> None:
        raise ModuleNotFoundError("pyarrow")

    monkeypatch.setattr(polars.DataFrame, "to_pandas", missing)
    with pytest.raises(vssim.MissingExtra, match=r"pip install 'vssim\[notebook\]'"):
        vssim.simulate(vssim.loads(SMALL)).to_pandas()
