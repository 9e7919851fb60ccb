"""The live page: one room, a board that plays, sliders that change it, a guess before every answer. Offline, on one machine.

One server is one room. The pages are plain ES modules (`static/`); the server sends traces and charts, never statistics to be
worked out by a page. What travels between them:

**Addresses.** `/` the projector page; `/join` the page for phones; `/assets/…` scripts and styles (`/assets/player/…` those of the
player); `/qr.svg` the address of `/join` as a picture; `/state.yaml`, `/report.html`, `/visits.csv` what is shown, to take home;
`/ws` the websocket; `/last` what a page that is left has moved and not sent yet. The facilitator's address ends in `#key=…`: the
key never leaves the page but in its first message and its last.

**First message** of a page: `{"do": "hello", "page": "room"|"join", "id": "…", "key": "…"|null, "name": "…", "query": "…",
"fresh": true|false}`. `id` is the page's own random name, kept across reloads, so that nobody votes twice. `query` is the state
that the page's address names (`room.address` with `&day=…`); it is taken up when the page has the key and is `fresh` (opened, not
reloaded) or the room is new (the server was started again). The answer is `{"kind": "welcome", "facilitator": true|false}`, then
the room, then the picture.

**Last message** of a page that leads, by POST to `/last`, since its line breaks with it: `{"key": "…", "said": [message…]}`,
what had no answer yet and what still waited to be sent. There is no answer but 204.

**From the server**, text messages, JSON:

- `room`: everything but the picture, sent whole after every change:
    `version` (goes up with every picture), `lobby` (true: no scenario yet; `library` is `{"start": [entry…], "themes": [{"theme",
    "scenarios": [entry…]}]}`, an entry `{"name", "title", "words", "minutes", "level"}`), `title`, `question` (that of the round),
    `metric` (what the answer is about, in words),
    `lesson` (null until the answer of the last round is on the board), `unit`, `horizon`, `opened` (the most average day),
    `seen` (paths of the sliders that stand on the board itself), `told` (numbers of the rounds that are revealed),
    `results` (what came of each, only while the end is shown), `ideas` (`[{"name", "answer"}]`, kept by the room),
    `tried` (null, or while something is edited on the board `{"path", "label", "unit", "positions", "position", "was", "before",
    "dots": [{"position", "words", "value", "count"}], "all"}`),
    `seed`, `source`, `address`,
    `left` and `right`: `{"name", "words"}` (the names above the boards),
    `changes`: `[{"name", "chosen"}]`, `levers`: `[{"label", "on"}]` (of the chosen change, each can be switched),
    `sliders`: `[{"path", "label", "positions": ["1 item", "2 items", …], "position", "was"}]` (texts to show; places from 0; `was`
    is where it stands in the organisation as it is),
    `mode`: `"start"|"today"`, `since` (day from which the new rule counts; null from the start),
    `chart` (one of `charts`: `[{"name", "title"}]`), `clock`: `{"day", "playing", "speed"}` (speed in days a second),
    `guess`: null or `{"id", "question", "answers": [{"id": "up"|"same"|"down", "label"}], "votes", "revealed",
    "counts": {…}|null, "right": "…"|null, "guessed_right", "of", "named": ["…"], "about": {"change", "metric"},
    "answer", "bars"}`
    (counts, the names of those who guessed right, the answer as below and where the time goes as SVG only once revealed; `right`
    null then: too close to tell; `id` is another one each time the room is asked),
    `shows`: `"boards"|"join"|"result"|"discuss"|"lesson"` (what the room looks at: the boards, or before them how to join, who
    guessed what, the questions of the round, the lesson; each page's user may look up something else until this changes),
    `workshop`: null or `{"title", "number", "of", "made", "rounds": ["…"], "chart", "round": {"title", "question", "discuss",
    "minutes"}}` (`made`: the file has no rounds of its own; there is one a change),
    (`discuss` is empty until the answer is on the board, but for the facilitator),
    and for the facilitator also `notes` (of the workshop, of the round) and `hands` (`{"up", "same", "down"}`, as counted so far),
    `joined` (how many pages of phones), `join` (null on loopback, else the address), `warnings` (texts).
- `moved` and `looked`: `{"seq"}`, to the page that has said `clock` or `show` with a `seq` of its own counting: it was heard. What
  that page was told before is older than what its user has set.
- `clock`: `{"day", "playing", "speed"}`, when only that changed; to the page that changed it too, so that of two that lead at once
  the one heard last is followed by both. Pages play on by themselves.
- `joined`: `{"joined"}`; `votes`: `{"votes"}`.
- `charts`: `{"version", "chart", "left", "right"}`: SVG of both sides for another chart; `right` null while it is held back.
- `lucks`: `{"version", "done", "of", "answer"}`: what so many lucks say, as many as the scenario has replications. An answer is
  `{"metric", "name", "pair", "before", "after", "verdict", "shift", "lucks", "better"}`: all in words but `before` and `after`.
  Sent as they are played; not before an answer is revealed.
- `today`: `{"version", "words", "value"}`, while the room guesses: what the answer is about, as it is.
- `explored`: `{"seq", "position", "answer"}`, the answer to a phone's own slider.
- `story`: `{"item", "words", "svg"}`, one item's way on both sides, and why it is where it is on the day that was asked for.
- `refused`: `{"why", "seq"}`: what was asked is not done, and the reason in one sentence ("": a newer wish overtook it).

**Pictures** are binary: 8 bytes `VSPICT01`, uint32 length of the header, the header (JSON), then the traces one after the other.
    Header: `{"version", "seq", "chart", "day", "sides": [{"key", "name", "trace": [offset, length]|null, "chart":
    "<svg…>"|null}]}`;
    the first side is the left one. `trace` null: the page has it already (same `key`), or (right side, `key` null too) it is held
    back until the answer. Offsets count from the end of the header. `seq` is the number of the request that it answers.

**From pages**, text messages, JSON. From everybody: `{"do": "vote", "answer": "up"|"same"|"down"}`, `{"do": "name", "name"}`
(as in the first message, when it has changed), `{"do": "explore", "path", "position", "seq"}`, `{"do": "send", "path",
"position"}` (a setting for the wall),
`{"do": "story", "item": number|null, "day"}` (null: a typical item), `{"do": "again"}` (send the whole
picture once more; that it comes shows that the line still holds). With the facilitator's key only:
`{"do": "clock", "day", "playing", "speed", "seq"}`, `{"do": "chart", "chart"}`, `{"do": "slider", "path", "position", "seq"}`,
`{"do": "change", "name", "seq"}`, `{"do": "lever", "number", "on", "seq"}`, `{"do": "mode", "mode", "day", "seq"}` (`today`: the
new rule counts from that day on), `{"do": "seed", "seed", "seq"}`, `{"do": "world", "world": number|null, "seq"}` (from 0, of what
is thought possible; null: as the file has it), `{"do": "open", "source", "seq"}` (null: back to the library),
`{"do": "round", "number", "seq"}` (from 1), `{"do": "guess", "action": "ask"|"reveal"|"drop", "question": "…"|null, "change",
"metric", "seq"}` (a reveal that names another
change or metric than the room is asked about is refused), `{"do": "edit", "path": "…"|null, "all"}` (what is edited on the board),
`{"do": "keep", "name"}` (an idea of the room),
`{"do": "show", "what": "boards"|"join"|"result"|"discuss"|"lesson", "seq"}`,
`{"do": "hands", "up", "same", "down"}` (a show of hands), `{"do": "as_it_is", "seq"}` (all sliders back). `change` with a name of
null takes the change away.

Every request with a `seq` is answered by a picture or a refusal with that `seq`; going back to the library by the
room itself. A page keeps one request in flight and then sends only its newest wish (latest wins); the server drops what is
overtaken.
"""
