"""What pages may ask for: every message with its bounds. What is not of this form is refused before anybody looks at it."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from vssim.language import t

MOST_BYTES = 4096
"""Size of a message from a page, at most."""

Answer = Literal["up", "same", "down"]
ANSWERS: tuple[Answer, ...] = ("up", "same", "down")

Shown = Literal["boards", "join", "result", "discuss", "lesson"]
"""What a room looks at: the boards, or what stands before them."""

Text = Annotated[str, Field(max_length=400)]
Name = Annotated[str, Field(max_length=200)]
Number = Annotated[int, Field(ge=0, le=100_000)]
Time = Annotated[float, Field(ge=0, le=1e9)]
Seq = Annotated[int, Field(ge=0, le=2**53)] | None


class Refused(ValueError):
    """A message that is not understood; says why in one sentence."""


class Message(BaseModel):
    """One message of a page."""

    model_config = ConfigDict(extra="forbid", strict=False, allow_inf_nan=False)


class Hello(Message):
    """The first one: who it is, and what its address says."""

    do: Literal["hello"]
    page: Literal["room", "join"] = "room"
    id: Annotated[str, Field(min_length=1, max_length=64)]
    key: Annotated[str, Field(max_length=100)] | None = None
    name: Annotated[str, Field(max_length=60)] = ""
    query: Annotated[str, Field(max_length=2000)] = ""
    fresh: bool = False


class Vote(Message):
    """A guess."""

    do: Literal["vote"]
    answer: Answer


class Explore(Message):
    """A phone's own slider."""

    do: Literal["explore"]
    path: Name
    position: Number
    seq: Seq = None


class Send(Message):
    """A phone's own setting, for the wall."""

    do: Literal["send"]
    path: Name
    position: Number


class Edit(Message):
    """What is edited on the board, or nothing more: the room sees what was tried; with `all`, every value is played."""

    do: Literal["edit"]
    path: Name | None = None
    all: bool = False


class Story(Message):
    """One item's story, and why it is where it is on a day; none: of a typical item."""

    do: Literal["story"]
    item: Number | None = None
    day: Time = 0.0


class Keep(Message):
    """An idea of the room, kept under a name."""

    do: Literal["keep"]
    name: Annotated[str, Field(min_length=1, max_length=40)]


class Called(Message):
    """What a participant wants to be called."""

    do: Literal["name"]
    name: Annotated[str, Field(max_length=60)] = ""


class Again(Message):
    """The whole picture once more."""

    do: Literal["again"]


class Clock(Message):
    """Where the play is."""

    do: Literal["clock"]
    day: Time
    playing: bool = False
    speed: Annotated[float, Field(gt=0, le=10_000)] = 10.0
    seq: Seq = None


class Chart(Message):
    """Which chart is up."""

    do: Literal["chart"]
    chart: Name


class Slider(Message):
    """A slider of the room."""

    do: Literal["slider"]
    path: Name
    position: Number
    seq: Seq = None


class Change(Message):
    """The right side's change; none: as it is."""

    do: Literal["change"]
    name: Name | None = None
    seq: Seq = None


class Lever(Message):
    """One lever of the change, on or off."""

    do: Literal["lever"]
    number: Number
    on: bool
    seq: Seq = None


class Mode(Message):
    """From when on the new rule counts."""

    do: Literal["mode"]
    mode: Literal["start", "today"]
    day: Time = 0.0
    seq: Seq = None


class Seed(Message):
    """Another luck."""

    do: Literal["seed"]
    seed: Annotated[int, Field(ge=0, lt=2**53)]
    seq: Seq = None


class World(Message):
    """Another world of what is thought possible, from 0; none: as the file has it."""

    do: Literal["world"]
    world: Annotated[int, Field(ge=0, lt=10_000)] | None = None
    seq: Seq = None


class Open(Message):
    """Another scenario; none: back to the library."""

    do: Literal["open"]
    source: Name | None = None
    seq: Seq = None


class Round(Message):
    """A round of the workshop, from 1."""

    do: Literal["round"]
    number: Annotated[int, Field(ge=1, le=1000)]
    seq: Seq = None


class Guess(Message):
    """Ask the room, show the answer, or show it without asking."""

    do: Literal["guess"]
    action: Literal["ask", "reveal", "drop"]
    question: Text | None = None
    change: Name | None = None
    """which change is to be revealed, and in which metric: refused where the room is asked about another"""
    metric: Name | None = None
    seq: Seq = None


class Show(Message):
    """What the room looks at."""

    do: Literal["show"]
    what: Shown
    seq: Seq = None


class Hands(Message):
    """A show of hands, as the facilitator counted it."""

    do: Literal["hands"]
    up: Annotated[int, Field(ge=0, le=10_000)] = 0
    same: Annotated[int, Field(ge=0, le=10_000)] = 0
    down: Annotated[int, Field(ge=0, le=10_000)] = 0


class AsItIs(Message):
    """All sliders and levers back to where the file has them."""

    do: Literal["as_it_is"]
    seq: Seq = None


class Restore(Message):
    """The state that an address names. No page can ask for it but by saying hello."""

    query: str
    seq: Seq = None


Said = Annotated[
    Hello
    | Vote
    | Called
    | Explore
    | Send
    | Edit
    | Keep
    | Story
    | Again
    | Clock
    | Chart
    | Slider
    | Change
    | Lever
    | Mode
    | Seed
    | World
    | Open
    | Round
    | Guess
    | Show
    | Hands
    | AsItIs,
    Field(discriminator="do"),
]
EVERYBODY = (Hello, Vote, Called, Explore, Send, Story, Again)
"""What needs no key."""

BESIDE = (Send, Edit, Keep, Story)
"""What is done beside the wall."""

WISHES = (Slider, Change, Lever, Mode, Seed, World, Open, Round, AsItIs, Restore)
"""What makes a new picture."""

_SAID: TypeAdapter[Any] = TypeAdapter(Said)


def read(text: str | bytes) -> Message:
    """The message in a text; Refused for anything else."""
    if len(text) > MOST_BYTES:
        raise Refused(f"a message of {len(text):,} characters; at most {MOST_BYTES:,} are read")
    try:
        message: Message = _SAID.validate_json(text)
    except ValidationError as error:
        raise Refused(_sentence(error)) from None
    except (ValueError, RecursionError):
        raise Refused("a message that is no JSON") from None
    return message


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:80]
    return f"a message that is not understood: {where + ': ' if where else ''}{first['msg'][:160]}"


def refusal(why: str, seq: int | None) -> str:
    """What a page is told that asked for something that is not done."""
    return json.dumps({"kind": "refused", "why": t(why), "seq": seq}, ensure_ascii=False)


def whole(value: float) -> float:
    """A day as pages show it: whole."""
    return float(math.floor(value + 1e-6))


def written(said: dict[str, Any]) -> str:
    """A message as it goes to a page."""
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def seq_of(wish: Message) -> int | None:
    """The number under which a wish is answered."""
    return getattr(wish, "seq", None)
