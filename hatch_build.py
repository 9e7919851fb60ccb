"""What is done when vssim is installed or its wheel is built: what plays and measures is compiled, so the first run need not.

Where that cannot be done (no Numba for this Python yet, for instance) everything else is installed all the same, and the kernel
is compiled at the first run that is worth it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = "vssim/engines/compiled/shipped"

SHIP = """
import sys, types
from pathlib import Path
root, folder = map(Path, sys.argv[1:])
sys.path.insert(0, str(root))
import vssim
# The kernel is compiled where nothing but Numba is installed: of two parts the doors, which open on everything else, stay shut.
for name in ("engines", "workload"):
    part = sys.modules["vssim." + name] = types.ModuleType("vssim." + name)
    part.__path__ = [str(root / "vssim" / name)]
from vssim.engines.compiled.shipping import ship
print(ship(folder).name)
from vssim.engines import machine
for package, entrance in (("vssim.metrics.passes", "measure_at"), ("vssim.play.streams", "uniforms_at")):
    print(machine.ship(package, entrance, folder).name)
"""

GENERIC = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_DISABLE_JIT": "0", "VSSIM_CHECK": "0"}


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg,misc]
    """Puts the compiled kernel into the wheel; of an editable installation, beside its sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, before the files are collected."""
        root = Path(self.root)
        if version == "editable":
            self._ship(root, root / SHIPPED)
            return
        self._folder = Path(tempfile.mkdtemp(prefix="vssim-"))
        for name in self._ship(root, self._folder):
            build_data["force_include"][str(self._folder / name)] = f"{SHIPPED}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """What lay outside the sources for the wheel is in it now."""
        if version != "editable":
            shutil.rmtree(self._folder, ignore_errors=True)

    def _ship(self, root: Path, folder: Path) -> list[str]:
        """The names of the files; none where nothing can be compiled."""
        command = [sys.executable, "-c", SHIP, str(root), str(folder)]
        done = subprocess.run(command, env={**os.environ, **GENERIC}, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            self.app.display_warning(f"the fast engine is compiled at its first run: it could not be now ({reason})")
            return []
        return done.stdout.split()
