"""The command that opens a room: the live page, until Ctrl-C."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from vssim.cli import options
from vssim.cli.bundles import Luck
from vssim.cli.output import say, show_text
from vssim.errors import MissingExtra
from vssim.language import catalogue, speaking

if TYPE_CHECKING:
    from vssim.scenario.workshop import Workshop
    from vssim.views.live.serving.serve import Address


@dataclass(frozen=True, kw_only=True)
class Shown(Luck):
    """What is played in the room, and whether also what is withheld."""

    anyway: options.Anyway = False


def live(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]",
            help="A scenario or workshop file, or a name of the library; without it, the page shows the library.",
            autocompletion=options.library_names,
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="0.0.0.0 lets phones join; default this machine alone.")
    ] = ("127.0.0.1"),
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", parser=options.whole("--port", 0, 65535), help="Default 8731, or a free one."),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
    put: options.Set = None,
    *,
    luck: Shown,
    language: options.Language = "en",
    quiet: options.Quiet = False,
) -> None:
    """The page for a room: two boards side by side, sliders, guesses; phones may join. Ctrl-C ends it."""
    try:
        from vssim.views.live.room.setup import opened
        from vssim.views.live.serving import invitation, serve
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.split(".")[0] == "vssim":
            raise
        raise MissingExtra(f"the live page needs {error.name}: pip install 'vssim[live]'") from None

    catalogue(language)  # one that is not there is refused before there is a room

    def opener(source: str) -> Workshop:
        from vssim.play.settings import adjusted
        from vssim.scenario.workshop import workshop

        show = workshop(source, options.settings(put) if source == scenario else ())
        return show.with_scenarios(lambda played: adjusted(played, **luck.given))

    if scenario is not None:
        _ = opened(opener(scenario)).scene  # every fault is told here, before there is a room
    with serve.bound(host, port) as there:
        chosen = there.getsockname()[1]
        key = invitation.key_for(chosen) if chosen in (port, serve.PORT) else invitation.new_key()
        with speaking(language):
            serve.serve(opener, scenario, there, key, lambda where: _ready(where, no_open, quiet))
    if not quiet:
        say("the room is closed")


def _ready(where: Address, no_open: bool, quiet: bool) -> None:
    """Say where the room is, and open it."""
    import webbrowser

    from vssim.views.live.serving import invitation

    show_text(f"The room is open. For the facilitator: {where.facilitator}")
    show_text(f"For the projector, in a second window, which has no notes: {where.room}")
    if where.join is not None:
        show_text(f"For phones: {where.join}")
        if not quiet:
            show_text(invitation.qr_for_terminal(where.join))
    if not quiet:
        say("Ctrl-C ends it.")
    if not no_open:
        webbrowser.open(where.facilitator)
