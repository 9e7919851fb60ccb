"""Clusters: a running Dask cluster as an executor, by its own client.

A worker that dies takes nothing with it: the scheduler has its chunks played again elsewhere.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any, cast

from vssim.errors import MissingExtra, RunError

WAIT = "30s"
"""How long to wait for a scheduler, and for its first worker."""


def connect(address: str) -> tuple[Executor, int]:
    """The executor of the cluster whose scheduler is at `address`, and how many chunks it plays at a time."""
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra("a cluster needs Dask: pip install 'vssim[cluster]'") from None
    try:
        client = Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(f"--cluster {address}: no Dask scheduler answers there ({error})") from None
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        client.close()
        raise RunError(f"--cluster {address}: the scheduler has no workers") from None
    places = sum(client.nthreads().values())
    return cast("Executor", client.get_executor(pure=False)), max(1, places)


def leave(executor: Executor) -> None:
    """Let go of the cluster: what is still to do there is called off."""
    door = cast("Any", executor)
    door.shutdown(wait=False)
    door._client.close()
