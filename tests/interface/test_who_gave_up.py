"""Times are of those who stayed: whatever shows them says how many did not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.interface.commands import vssim
from vssim.analysis.compare.compare import compare
from vssim.analysis.interactive.stage import Arrangement, Lucks, Stage
from vssim.scenario import loads
from vssim.views import answers

DESK = """
name: Desk
unit: day
run: {horizon: 200, warmup: 0, replications: 6, seed: 4}
demand:
  patient: {every: exponential(2)}
  hurried: {every: exponential(1.5), gives_up: {after: exponential(4)}}
steps: {serve: {work: exponential(1)}}
teams: {desk: {people: 1, does: serve}}
changes:
  for ever: {levers: [{set: {demand.hurried.gives_up: none}}]}
  two: {levers: [{set: {teams.desk.people: 2}}]}
"""


@pytest.fixture
def desk(tmp_path: Path) -> str:
    file = tmp_path / "desk.yaml"
    file.write_text(DESK, encoding="utf-8")
    return str(file)


def test_the_document_says_which_share_gave_up_of_each_variant_in_which_anybody_may(desk: str) -> None:
    document: dict[str, Any] = json.loads(vssim("compare", desk, "--json").out)
    jsonschema.validate(document, json.loads(vssim("schema", "result").out))
    variants = document["variants"]
    assert "gave_up" not in variants["for ever"]
    for name in ("baseline", "two"):
        told, metrics = variants[name]["gave_up"], variants[name]["metrics"]
        for kind, share in [("", told["share"]), *((f"@{one}", each) for one, each in told["types"].items())]:
            gone, stayed = (metrics[f"{metric}{kind}"]["mean"] for metric in ("gave_up", "throughput"))
            assert share == pytest.approx(gone / (gone + stayed))
        assert told["low"] < told["share"] < told["high"]
        assert told["n"] == 6
        assert told["types"]["patient"] == 0
    assert variants["two"]["gave_up"]["share"] < variants["baseline"]["gave_up"]["share"]


def test_the_terminal_and_the_report_say_it_beside_the_times(desk: str, tmp_path: Path) -> None:
    document = json.loads(vssim("compare", desk, "--json").out)
    share = f"{document['variants']['baseline']['gave_up']['share']:.0%}".replace("%", " %")
    told = " ".join(vssim("run", desk).out.split())
    assert f"of those that left {share} gave up; times are of the others" in told
    assert "of those that left" not in vssim("run", desk, "--change", "for ever").out
    assert f"of those that left {share} → " in " ".join(vssim("compare", desk, "--only", "two").out.split())
    page = tmp_path / "desk.html"
    vssim("report", desk, "-o", str(page))
    written = page.read_text(encoding="utf-8")
    assert f"As it is: of the items that left {share} gave up." in written
    assert f"of those that left {share} → 0 % gave up" in written, "beside the answer that the report begins with"


def test_a_room_says_it_beside_its_answer_and_nothing_where_nobody_gives_up() -> None:
    stage = Stage(loads(DESK))
    lucks = Lucks(stage, stage.scene(Arrangement("two", seed=4)), "lead_time.p85", stage.warmup)
    for _ in range(6):
        lucks.play()
    document = compare(stage.scenario, jobs=1).variants
    shares = [f"{document[name].gave_up[''].mean:.0%}".replace("%", " %") for name in ("baseline", "two")]
    assert answers.told(lucks.answer)["gave_up"] == f"of those that left {shares[0]} → {shares[1]} gave up"
    patient = loads(DESK).with_({"demand.hurried.gives_up": None})
    nobody = Lucks(Stage(patient), Stage(patient).scene(Arrangement("two")), "lead_time.p85", 0)
    nobody.play()
    assert answers.told(nobody.answer)["gave_up"] == ""
