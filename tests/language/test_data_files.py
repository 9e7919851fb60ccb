"""Data files as spreadsheets and trackers write them: decimal commas, other encodings, paths of another system, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from vssim import scenario as scenarios
from vssim.errors import Fault, ScenarioError

SMALL = """
demand: {task: {every: exponential(2)}}
steps: {ux: 1, dev: 3, qa: 2}
teams: {ux: 1, dev: 3, qa+dev: 2}
"""


def written(folder: Path, handoffs: str, content: bytes, name: str = "times.csv") -> Path:
    (folder / name).write_bytes(content)
    (folder / "s.yaml").write_text(f"{SMALL}handoffs: {{delay: {handoffs}}}\n", encoding="utf-8")
    return folder / "s.yaml"


def faults(file: Path) -> tuple[Fault, ...]:
    with pytest.raises(ScenarioError) as caught:
        scenarios.load(file)
    return caught.value.faults


@pytest.mark.parametrize(
    "content",
    [
        b"id;days\n1;2,5\n2;3,5\n",
        b"id;days\r\n1;2,5\r\n2;3.5\r\n",
        b"\xef\xbb\xbfid,days\n1,2.5\n2,3.5\n",
        b"id\tdays\n1\t2,5\n2\t3,5\n",
        b'id;"days"\n1;"2,5"\n2;" 3,5 "\n\n',
        b"id,note;more;x,days\n1,a,2.5\n2,b,3.5\n",
    ],
)
def test_a_column_is_read_as_spreadsheets_write_it(content: bytes, tmp_path: Path) -> None:
    delay = scenarios.load(written(tmp_path, '"empirical(times.csv, days)"', content)).handoffs.delay
    assert (delay.mean, delay.support) == (3.0, (2.5, 3.5))


def test_between_commas_a_number_has_a_point(tmp_path: Path) -> None:
    (fault,) = faults(written(tmp_path, '"empirical(times.csv, days)"', b'id,days\n1,"2,5"\n'))
    assert (Path(fault.file).name, fault.line, fault.value) == ("times.csv", 2, "'2,5'")


def test_another_encoding_is_told_with_line_and_column(tmp_path: Path) -> None:
    (fault,) = faults(written(tmp_path, '"empirical(times.csv, days)"', "id,days,name\n1,2,Anna\n2,3,Jörg\n".encode("latin-1")))
    assert (Path(fault.file).name, fault.line) == ("times.csv", 3)
    assert "0xf6 in column 6" in fault.value
    assert "Latin-1" in fault.expected


@pytest.mark.parametrize("quotes", ['"', "'"])
def test_a_path_of_another_system_is_explained(quotes: str, tmp_path: Path) -> None:
    file = written(tmp_path, quotes + "empirical(data\\day times.csv, days)" + quotes, b"")
    (fault,) = faults(file)
    assert (fault.file, fault.line) == (str(file), 5)
    assert "/" in fault.expected
    assert "\\" in fault.expected


def test_a_data_file_that_a_hundred_steps_name_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"step {number}" for number in range(100)]
    steps = "\n".join(f'  {name}: "empirical(times.csv, days)"' for name in names)
    (tmp_path / "times.csv").write_text("days\n" + "1\n" * 2000, encoding="utf-8")
    file = tmp_path / "s.yaml"
    file.write_text(f"demand: {{task: {{every: 2}}}}\nsteps:\n{steps}\nteams: {{all: {{people: 1, does: [{', '.join(names)}]}}}}\n")
    read: list[Path] = []
    before = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or before(path))  # type: ignore[func-returns-value]
    assert len(scenarios.load(file).steps) == 100
    assert [path.name for path in read] == ["times.csv"]


def test_a_data_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    file = written(tmp_path, '"empirical(times.csv, days)"', b"days\n2\n")
    assert scenarios.load(file).handoffs.delay.mean == 2
    written(tmp_path, '"empirical(times.csv, days)"', b"days\n2\n4\n")
    assert scenarios.load(file).handoffs.delay.mean == 3


@pytest.mark.parametrize(("start", "horizon"), [("9999-12-31", 250), ("9999-11-01", 300), ("2026-01-05", 5e8)])
def test_a_run_that_goes_beyond_the_calendar_is_refused_when_the_file_is_read(start: str, horizon: float) -> None:
    text = f"{SMALL}start: {start}\nrun: {{horizon: {horizon:.0f}}}\n"
    with pytest.raises(ScenarioError) as caught:
        scenarios.loads(text)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == ("start", 5)
    assert "before the year 10000" in fault.expected
