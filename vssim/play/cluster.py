"""Clusters: a running Dask cluster as an executor, through Dask's own client.

If a worker dies nothing is lost: the scheduler gives its chunks to another worker.
"""

from __future__ import annotations

import contextlib
import logging
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, cast

from vssim.errors import MissingExtra, RunError, UsageError

WAIT = "30s"
"""How long to wait for a scheduler, and for its first worker."""


def connect(address: str) -> tuple[Executor, int]:
    """The executor of the cluster whose scheduler is at `address`, and how many chunks it plays at a time."""
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra("a cluster needs Dask: pip install 'vssim[cluster]'") from None
    _checked(address)
    try:
        client = Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(f"no Dask scheduler answers at {address} ({error})") from None
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        client.close()
        raise RunError(f"the Dask scheduler at {address} has no workers") from None
    places = sum(client.nthreads().values())
    return cast("Executor", client.get_executor(pure=False)), max(1, places)


def _checked(address: str) -> None:
    """Refuse what is no address, because a client that has begun to connect takes a minute to give up."""
    from distributed.comm import get_address_host_port

    try:
        get_address_host_port(address)
    except ValueError:
        raise UsageError(f"cluster: got {address!r}, expected the address of a Dask scheduler, as in tcp://host:8786") from None
    if address.partition("://")[0] == "tls":
        _certified(address)


def _certified(address: str) -> None:
    """Refuse TLS without a readable certificate: Dask would answer with a traceback, or without the file's name."""
    from distributed.security import Security

    settings = Security()
    files = {
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": settings.tls_ca_file,
        "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT": settings.tls_client_cert,
        "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY": settings.tls_client_key,
    }
    missing = [name for name, value in files.items() if value is None and not name.endswith("KEY")]  # a key may be in CERT
    if missing:
        raise UsageError(f"cluster: {address} asks for a certificate of yours: say where it is in {' and '.join(missing)}")
    try:
        settings.get_connection_args("client")
    except (OSError, ValueError) as error:
        absent = [f"{value} ({name}) is no file" for name, value in files.items() if value and not Path(value).is_file()]
        why = absent[0] if absent else f"{' and '.join(name for name, value in files.items() if value)}: {error}"
        raise UsageError(f"cluster: {address}: your certificate cannot be read: {why}") from None


def hush() -> None:
    """Silence Dask's own log in this process. Dask sets its log up when it is imported, so the import comes first."""
    with contextlib.suppress(ImportError):
        import distributed  # noqa: F401
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def leave(executor: Executor) -> None:
    """Disconnect from the cluster; work that is still to do there is cancelled."""
    door = cast("Any", executor)
    door.shutdown(wait=False)
    door._client.close()
