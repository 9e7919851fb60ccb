"""A room without a browser: who may do what, what is held back until the answer, and what no message can harm."""

from __future__ import annotations

import json
import random
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import numpy as np
import pytest
from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

import vssim
from tests.interface.commands import SMALL
from tests.views.live_pages import page
from tests.views.live_server import Serving, serving
from vssim.analysis.interactive.stage import prepare
from vssim.engines import machine
from vssim.metrics import sampling
from vssim.views import live
from vssim.views.live.room import director, messages
from vssim.views.live.room.guess import LONGEST_NAME, called
from vssim.views.player.trace import FINEST, Events, read

SLIDER = "steps.release.gate.every"


@pytest.fixture(scope="module")
def room() -> Iterator[Serving]:
    with serving("silos") as found:
        yield found


@pytest.fixture(autouse=True)
def _as_opened(room: Serving) -> None:
    """Every test begins with the scenario as it was opened, nothing told yet."""
    with page(room, leads=True, name="opener") as facilitator:
        facilitator.wish("open", source="silos")


def shown(leading: Any) -> Any:
    """The answer on the board."""
    leading.say("guess", action="drop")
    return leading.until("picture")


def test_the_protocol_is_told_where_it_is_kept() -> None:
    kinds = {model.model_fields["do"].annotation.__args__[0] for model in messages.Said.__args__[0].__args__}
    assert {kind for kind in kinds if f'"do": "{kind}"' not in (live.__doc__ or "")} == set()


def test_nothing_of_the_right_side_is_told_before_the_answer(room: Serving) -> None:
    with page(room) as viewer:
        picture, told = viewer.last("picture"), viewer.last("room")
        right = picture["sides"][1]
        assert (right["key"], right["trace"], right["chart"]) == (None,) * 3
        assert (told["lesson"], told["results"], told["tried"]) == (None, [], None)
        assert (told["guess"]["answer"], told["guess"]["bars"]) == (None, "")
        assert told["guess"]["counts"] is None
        assert told["warnings"] == []
        viewer.say("explore", path=SLIDER, position=0, seq=9)
        assert viewer.until("refused")["why"] == "first the guess"
        for download in ("state.yaml", "report.html", "visits.csv"):
            with pytest.raises(HTTPError, match="409"):
                urllib.request.urlopen(room.room + download)


def test_votes_are_counted_once_each_and_hidden_until_the_answer(room: Serving) -> None:
    with page(room, leads=True) as leading, page(room, kind="join", name="a") as one, page(room, kind="join", name="b") as other:
        for voter, answer in ((one, "up"), (other, "same"), (one, "same")):
            voter.say("vote", answer=answer)
            voter.until("votes")
        leading.say("hands", up=1, same=0, down=4)
        leading.until("votes", votes=7)
        assert leading.last("room")["guess"]["counts"] is None
        leading.say("guess", action="reveal")
        guess = leading.until("room", shows="result")["guess"]
        assert guess["counts"] == {"up": 1, "same": 2, "down": 4}
        assert guess["guessed_right"] == guess["counts"][guess["right"]]
        one.say("vote", answer="down")
        assert "too late" in one.until("refused")["why"]


def test_who_guessed_right_is_named_once_it_is_revealed_and_nobody_else(room: Serving) -> None:
    with ExitStack() as stack:
        leading = stack.enter_context(page(room, leads=True))
        voters = {answer: stack.enter_context(page(room, kind="join", name=answer)) for answer in ("up", "same", "down")}
        for answer, voter in voters.items():
            voter.say("name", name=f"  Ms\u202e\t{answer}\x00  ")
            voter.say("vote", answer=answer)
        leading.until("votes", votes=3)
        for name, answer in (("late", "up"), ("quiet", "same")):
            other = stack.enter_context(page(room, kind="join", name=name))
            other.say("vote", answer=answer)
        leading.until("votes", votes=5)
        leading.say("again")
        assert leading.until("room")["guess"]["named"] == []
        leading.say("guess", action="reveal")
        guess = leading.until("room")["guess"]
        assert guess["named"] == [f"Ms {guess['right']}"]


def test_a_name_is_one_line_that_is_not_too_long() -> None:
    assert called("  Ànna \n\t Böse\u202e\u200b ") == "Ànna Böse"
    assert called("\x00\u2066") == ""
    assert len(called("W" * 60)) == LONGEST_NAME


def test_a_question_that_is_asked_anew_is_another_one(room: Serving) -> None:
    with page(room, leads=True) as leading:
        first = leading.last("room")["guess"]
        leading.say("guess", action="ask")
        again = leading.until("room")["guess"]
        assert (again["question"], again["votes"]) == (first["question"], 0)
        assert again["id"] != first["id"]


def test_the_room_looks_at_what_the_facilitator_shows_and_at_nothing_too_early(room: Serving) -> None:
    with page(room, leads=True) as leading, page(room, name="wall") as wall, page(room, kind="join", name="p") as phone:
        leading.wish("open", source="workshop/stop-starting")
        for one in (wall, phone):
            told = one.until("room", title="Stop starting, start finishing")
            assert (told["shows"], told["workshop"]["round"]["discuss"]) == ("boards", [])
        assert leading.last("room")["workshop"]["round"]["discuss"]
        for what in ("result", "discuss", "lesson"):
            leading.say("show", what=what)
            assert leading.until("refused")["why"] == "first the guess"
        leading.say("guess", action="reveal")
        for one in (wall, phone):
            assert one.until("room", shows="result")["workshop"]["round"]["discuss"]
        wall.say("show", what="boards")
        assert wall.until("refused")["why"] == "only the facilitator can do that"
        leading.say("show", what="discuss")
        for one in (wall, phone):
            one.until("room", shows="discuss")
        leading.say("show", what="lesson")  # the lesson of a workshop is that of its last round
        assert leading.until("refused")["why"] == "there is no lesson to show"
        with page(room, name="late") as late:
            assert late.last("room")["shows"] == "discuss"
        leading.wish("round", number=2)
        wall.until("room", shows="boards")


def test_of_two_who_lead_both_hear_the_clock_that_was_set_last(room: Serving) -> None:
    with page(room, leads=True, name="a") as one, page(room, leads=True, name="b") as other:
        one.say("clock", day=20, playing=False, speed=10)
        other.until("clock", day=20)
        other.say("clock", day=30, playing=False, speed=10)
        for here in (one, other):
            here.until("clock", day=30)


def test_a_scenario_beside_itself_is_not_asked_about_and_its_left_side_is_always_told(tmp_path: Path) -> None:
    file = tmp_path / "alone.yaml"
    file.write_text(SMALL.partition("changes:")[0], encoding="utf-8")
    with serving(str(file)) as alone, page(alone, leads=True) as leading:
        assert leading.last("room")["guess"] is None
        assert leading.until("lucks")["answer"]["verdict"] == "no real difference"
        leading.say("guess", action="ask")
        assert leading.until("picture")["sides"][1]["key"] is None
        with page(alone, name="late") as late:
            left, right = late.last("picture")["sides"]
            assert (left["key"] is None, right["key"] is None) == (False, True)
            assert [trace is None for trace in late.last("picture")["traces"]] == [False, True]


def test_the_right_answer_is_what_many_lucks_say(room: Serving) -> None:
    ratio = vssim.compare(vssim.load("silos"), only="both", replications=20, engine="compiled", jobs=1)["both"][
        "lead_time.p85"
    ].ratio.mean
    assert ratio is not None
    assert ratio < 0.97
    with page(room, leads=True) as leading:
        leading.wish("change", name="both")
        leading.say("guess", action="reveal", change="limit WIP")
        assert "something else" in leading.until("refused")["why"]
        leading.say("guess", action="reveal", change="both", metric="lead_time.p85")
        guess = leading.until("room", shows="result")["guess"]
        assert guess["right"] == "down"
        told = leading.until("lucks")
        assert (told["done"], told["of"]) == (20, 20)
        assert told["answer"] == guess["answer"]
        assert told["answer"]["after"] / told["answer"]["before"] == pytest.approx(ratio)


def test_what_was_revealed_stays_the_answer_until_all_lucks_are_played(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(director, "MOMENT", 0.0)
    with serving("silos") as room, page(room, leads=True) as leading:
        leading.say("guess", action="reveal")
        first = leading.until("room", shows="result")["guess"]
        while leading.until("lucks")["done"] < 20:
            pass
        last = leading.until("room")["guess"]
        assert first["answer"]["lucks"] != last["answer"]["lucks"] == "20 lucks"
        assert last["answer"] == leading.last("lucks")["answer"]
        assert first["version"] == last["version"] == leading.last("room")["version"]


def test_a_page_that_does_not_lead_moves_nothing(room: Serving) -> None:
    orders: list[dict[str, Any]] = [
        {"do": "slider", "path": SLIDER, "position": 0},
        {"do": "change", "name": "both"},
        {"do": "clock", "day": 3, "playing": True, "speed": 5},
        {"do": "guess", "action": "reveal"},
        {"do": "open", "source": None},
        {"do": "hands", "up": 3},
        {"do": "chart", "chart": "lead"},
    ]
    before = room.director.version, room.director.clock.now(), room.director.chart
    with page(room) as viewer:
        for order in orders:
            viewer.wire.send(json.dumps(order))
            assert viewer.until("refused")["why"] == "only the facilitator can do that"
    with connect(f"ws://127.0.0.1:{room.port}/ws") as wire:
        wire.send(json.dumps({"do": "hello", "id": "thief", "key": "a-key-that-was-guessed"}))
        assert json.loads(wire.recv(10)) == {"kind": "welcome", "facilitator": False}
    assert (room.director.version, room.director.clock.now(), room.director.chart) == before
    assert room.director.held_back


def test_a_slider_changes_the_right_side_and_keeps_the_day(room: Serving) -> None:
    with page(room, leads=True) as leading:
        first = shown(leading)
        leading.say("clock", day=222, playing=False, speed=10)
        moved = leading.wish("slider", path=SLIDER, position=0)
        assert moved["day"] == 222
        assert moved["sides"][0]["key"] == first["sides"][0]["key"]
        assert moved["sides"][0]["trace"] is None
        assert moved["sides"][1]["key"] != first["sides"][1]["key"]
        back = leading.wish("as_it_is")
        assert back["sides"][1]["key"] == first["sides"][1]["key"]


def test_from_today_leaves_the_past_as_it_was_to_the_event(room: Serving) -> None:
    with page(room, leads=True) as leading:
        shown(leading)
        leading.wish("slider", path=SLIDER, position=0)
        leading.wish("mode", mode="today", day=300.4)
        assert leading.last("room")["since"] == 300
        leading.say("again")
        left, right = (read(data) for data in leading.until("picture")["traces"])
        assert left[0]["moment"] == right[0]["moment"] == FINEST
        (past, future), (same_past, other_future) = (_cut(found, 300) for _, found in (left, right))
        assert np.array_equal(past, same_past)
        assert not np.array_equal(future, other_future)


def _cut(found: Events, day: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What happens before a day, and what from then on."""
    rows = np.stack([found.at, found.item, found.step, found.state])
    before = found.at * FINEST < day
    return rows[:, before], rows[:, ~before]


def test_what_is_taken_home_gives_the_numbers_that_were_shown(room: Serving) -> None:
    with page(room, leads=True) as leading:
        shown(leading)
        leading.wish("change", name="cross-functional teams")
        leading.wish("lever", number=0, on=False)
        leading.wish("slider", path=SLIDER, position=2)
        leading.wish("seed", seed=12)
        shown(leading)
        answer = leading.until("lucks", done=20)["answer"]
        text = urllib.request.urlopen(room.room + "state.yaml").read().decode()
        scenario = vssim.loads(text)
        compared = vssim.compare(scenario, only="in the room", jobs=1)["in the room"]
        assert compared.before["lead_time.p85"].mean == pytest.approx(answer["before"])
        assert compared.after["lead_time.p85"].mean == pytest.approx(answer["after"])
        table = urllib.request.urlopen(room.room + "visits.csv").read().decode()
        assert table.startswith("side,item,type,")
        assert len(table.splitlines()) > 2000


def test_ideas_that_were_kept_are_changes_of_the_file_each_with_its_numbers(room: Serving) -> None:
    with page(room, leads=True) as leading:
        shown(leading)
        leading.wish("change", name="both")
        shown(leading)
        for name, path, position in (
            ("trains: 1.0", SLIDER, 0),
            ("limit WIP", "changes.limit WIP.levers.1.limit_wip.steps.develop", 1),
        ):
            leading.wish("as_it_is")
            leading.wish("slider", path=path, position=position)
            leading.until("lucks", done=20)
            leading.say("keep", name=name)
            leading.until("room")
        leading.wish("as_it_is")
        told = {idea["name"]: idea["answer"] for idea in leading.last("room")["ideas"]}
        assert set(told) == {"trains: 1.0", "limit WIP"}
        text = urllib.request.urlopen(room.room + "state.yaml").read().decode()
        scenario = vssim.loads(text)
        assert {"limit WIP", "trains 1 0", "limit WIP again", "limit WIP of limit WIP again"} < set(scenario.changes)
        compared = vssim.compare(scenario, only=["trains 1 0", "limit WIP again"], jobs=1)
        for name, as_change in (("trains: 1.0", "trains 1 0"), ("limit WIP", "limit WIP again")):
            before, after = (side["lead_time.p85"].mean for side in (compared[as_change].before, compared[as_change].after))
            assert told[name]["before"] == pytest.approx(before)
            assert told[name]["after"] == pytest.approx(after)


def test_the_report_of_the_room_tells_what_the_room_made(room: Serving) -> None:
    with page(room, leads=True) as leading:
        shown(leading)
        leading.wish("slider", path=SLIDER, position=2)
        markup = urllib.request.urlopen(room.room + "report.html").read().decode()
        assert "in the room" in markup
        assert "Dissolve the silos" in markup


def test_an_address_brings_back_what_it_names(room: Serving) -> None:
    with page(room, leads=True) as leading:
        shown(leading)
        leading.wish("change", name="both")
        leading.wish("lever", number=1, on=False)
        leading.wish("slider", path=SLIDER, position=1)
        leading.wish("mode", mode="today", day=200)
        leading.wish("seed", seed=5)
        address, picture = leading.last("room")["address"], shown(leading)
    with serving(None) as restarted, page(restarted, leads=True, query=f"{address}&day=321") as leading:
        again = leading.until("picture")
        assert restarted.director.setup.arrangement == room.director.setup.arrangement
        leading.say("guess", action="drop")
        again = leading.until("picture")
        assert [side["key"] for side in again["sides"]] == [side["key"] for side in picture["sides"]]
        assert again["day"] == 321
    with page(room, leads=True, name="reloaded", query="scenario=focus", fresh=False) as leading:
        leading.say("again")
        assert leading.until("room")["title"] == "Dissolve the silos"


def test_a_room_that_is_started_again_has_the_answer_on_its_board_if_it_was_there(room: Serving) -> None:
    with page(room, leads=True) as leading:
        asked = leading.last("room")["address"]
        leading.say("guess", action="reveal")
        leading.until("picture")
        told = leading.last("room")["address"]
    for address, held_back in ((asked, True), (told, False)):
        with serving("silos") as restarted, page(restarted, leads=True, query=address) as leading:
            leading.until("picture")
            assert restarted.director.held_back is held_back


def test_a_page_that_comes_late_is_told_what_other_lucks_say(room: Serving) -> None:
    with page(room, leads=True) as leading:
        shown(leading)
        leading.until("lucks", done=20)
    with page(room, name="late") as late:
        assert late.until("lucks")["done"] == 20


def test_a_phone_tries_a_setting_of_its_own_and_the_room_does_not_move(room: Serving) -> None:
    with page(room, leads=True) as leading, page(room, kind="join", name="p") as phone:
        shown(leading)
        version = room.director.version
        phone.say("explore", path=SLIDER, position=0, seq=4)
        told = phone.until("explored", seq=4)
        assert (told["answer"]["name"], told["answer"]["verdict"]) == ("85 % within", "better")
        assert told["answer"]["after"] < told["answer"]["before"]
        phone.say("send", path=SLIDER, position=0)
        leading.say("edit", path=SLIDER)
        while not (tried := leading.until("room")["tried"]) or not any(dot["count"] for dot in tried["dots"]):
            pass
        assert [(dot["position"], dot["count"]) for dot in tried["dots"] if dot["count"]] == [(0, 1)]
        assert next(dot["value"] for dot in tried["dots"] if dot["count"]) == told["answer"]["after"]
        phone.say("explore", path=SLIDER, position=99, seq=5)
        assert "expected at most" in phone.until("refused", seq=5)["why"]
        phone.say("explore", path="nowhere", position=0, seq=6)
        assert "there is no slider" in phone.until("refused", seq=6)["why"]
        assert room.director.version == version


def test_of_many_wishes_of_one_phone_the_newest_is_played_and_the_room_is_heard_meanwhile(room: Serving) -> None:
    with page(room, leads=True) as leading, page(room, kind="join", name="p") as phone:
        shown(leading)
        for seq in range(60):
            phone.say("explore", path=SLIDER, position=seq % 7, seq=seq)
        assert leading.wish("slider", path=SLIDER, position=1)["kind"] == "picture"
        answers = [phone.hear() for _ in range(20)]
        while not any(said.get("seq") == 59 for said in answers):
            answers.append(phone.hear())
        last = next(said for said in answers if said.get("seq") == 59)
        assert (last["kind"], last["position"]) == ("explored", 59 % 7)
        answered = [said["seq"] for said in answers if said["kind"] in ("explored", "refused")]
        assert sorted(answered) == list(range(60))


def test_what_makes_no_sense_is_refused_with_a_reason_and_the_picture_stays(room: Serving) -> None:
    with page(room, leads=True) as leading:
        shown(leading)
        version = room.director.version
        assert "did you mean 'both'" in leading.wish("change", name="boths")["why"]
        assert "there is no lever 7" in leading.wish("lever", number=7, on=False)["why"]
        assert "no such file" in leading.wish("open", source="nowhere")["why"]
        assert "last day" in leading.wish("mode", mode="today", day=600)["why"]
        assert "there is no round 4; there are 3" in leading.wish("round", number=4)["why"]
        assert room.director.version == version


def test_no_message_harms_the_room(room: Serving) -> None:
    rng = random.Random(20261124)
    words = ["hello", "vote", "explore", "again", "clock", "slider", "guess", "open", "mode", "seed", "hands", "x", 1, None, [], {}]
    values = [0, -1, 1e308, "NaN", None, [], {}, "x" * 500, True, 2**70, "\ud800", "up", SLIDER]
    keys = ["page", "id", "path", "position", "answer", "seq", "day", "key", "query", "number", "action", "extra"]
    with page(room, name="quiet") as quiet:
        for _ in range(12):
            try:
                with connect(f"ws://127.0.0.1:{room.port}/ws", max_queue=None) as wire:
                    for _ in range(60):
                        form = rng.randrange(5)
                        if form == 0:
                            wire.send(rng.randbytes(rng.randrange(200)))
                        elif form == 1:
                            wire.send("[" * rng.randrange(3000))
                        else:
                            said = {"do": rng.choice(words)} | {
                                rng.choice(keys): rng.choice(values) for _ in range(rng.randrange(5))
                            }
                            wire.send(json.dumps(said, allow_nan=True))
            except ConnectionClosed:
                pass
        quiet.say("again")
        assert quiet.until("picture")["version"] == room.director.version
    assert room.director.held_back


def test_a_message_that_is_too_long_ends_its_own_page_only(room: Serving) -> None:
    with page(room, name="quiet") as quiet:
        with connect(f"ws://127.0.0.1:{room.port}/ws") as wire:
            wire.send("x" * 200_000)
            with pytest.raises(ConnectionClosed):
                wire.recv(10)
        with connect(f"ws://127.0.0.1:{room.port}/ws") as wire:
            wire.send(json.dumps({"do": "vote", "answer": "x" * 5000}))
            assert "at most 4,096" in json.loads(wire.recv(10))["why"]
        quiet.say("again")
        quiet.until("picture")


def test_a_page_that_talks_too_fast_is_slowed_and_the_others_are_not(room: Serving) -> None:
    with page(room, name="quiet") as quiet, page(room, name="loud", kind="join") as loud:
        for _ in range(400):
            loud.say("vote", answer="up")
        assert "too many messages" in loud.until("refused")["why"]
        quiet.say("again")
        quiet.until("picture")


def test_pages_of_other_sites_do_not_come_in(room: Serving) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://127.0.0.1:{room.port}/ws", origin=Origin("http://elsewhere.example"))


def test_nobody_comes_in_who_calls_the_machine_by_another_name(room: Serving) -> None:
    with socket.create_connection(("127.0.0.1", room.port)) as there, pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://elsewhere.example:{room.port}/ws", sock=there)


def test_a_machine_called_by_another_name_does_not_answer(room: Serving) -> None:
    request = urllib.request.Request(room.room, headers={"Host": "elsewhere.example"})
    with pytest.raises(HTTPError, match="421"):
        urllib.request.urlopen(request)


def test_pages_may_load_nothing_from_elsewhere_and_run_nothing_of_their_own(room: Serving) -> None:
    for path in ("", "join", "assets/live/live.js", "assets/player/player.js"):
        with urllib.request.urlopen(room.room + path) as found:
            policy = found.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert found.headers["x-content-type-options"] == "nosniff"


def left_behind(room: Serving, said: list[dict[str, Any]], **beside: Any) -> int:
    """The answer to what a page sends when it is left; `beside`: another key, another origin, or the text itself."""
    text = beside.get("text", json.dumps({"key": beside.get("key", room.key), "said": said}))
    request = urllib.request.Request(f"{room.room}last", text.encode(), {"Origin": beside.get("origin", room.room.rstrip("/"))})
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_what_a_page_that_is_left_still_wanted_is_done_for_whoever_leads(room: Serving) -> None:
    moved = {"do": "slider", "path": SLIDER, "position": 0, "seq": 7}
    with page(room) as viewer:
        said = [moved, {"do": "slider", "path": "no.such", "position": 0}, {"do": "clock", "day": 123}]
        assert left_behind(room, said, key="another") == 403
        assert left_behind(room, said, origin="http://elsewhere.example") == 403
        assert left_behind(room, [], text="{") == 400
        assert left_behind(room, [{"do": "slider", "path": SLIDER, "position": -1}]) == 400
        assert left_behind(room, [moved] * 17) == 400
        assert left_behind(room, [], text="x" * 5000) == 413
        assert room.director.clock.day != 123
        assert left_behind(room, said) == 204
        viewer.until("clock", day=123)
        told = viewer.until("room")
        assert next(slider for slider in told["sliders"] if slider["path"] == SLIDER)["position"] == 0


def test_thirty_pages_get_the_same_picture(room: Serving) -> None:
    with ExitStack() as stack:
        leading = stack.enter_context(page(room, leads=True))
        phones = [stack.enter_context(page(room, kind="join", name=f"phone {number}")) for number in range(30)]
        screens = [stack.enter_context(page(room, name=f"screen {number}")) for number in range(5)]
        leading.until("joined", joined=30)
        shown(leading)
        leading.wish("slider", path=SLIDER, position=1)
        version = leading.last("picture")["version"]
        keys = {screen.until("picture", version=version)["sides"][1]["key"] for screen in screens}
        assert keys == {leading.last("picture")["sides"][1]["key"]}
        assert all(phone.until("room", version=version) for phone in phones)


def test_what_a_room_measures_with_is_there_before_its_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, ...]] = []
    monkeypatch.setattr(machine, "made", lambda *names: made.append(names))
    prepare()
    assert made == [(sampling.PACKAGE, sampling.ENTRANCE)]  # else it is compiled while a picture is waited for


def test_the_library_is_shown_where_nothing_is_open() -> None:
    with serving(None) as empty, page(empty, leads=True) as leading:
        told = leading.last("room")
        assert told["lobby"] is True
        names = [one["name"] for theme in told["library"]["themes"] for one in theme["scenarios"]]
        assert "silos" in names
        assert [one["minutes"] for one in told["library"]["start"]] == [20, 35, 35, 60]
        leading.wish("open", source="focus")
        assert leading.last("room")["title"] != "vssim"
        leading.say("open", source=None)
        leading.until("room", lobby=True)
