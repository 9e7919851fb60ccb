"""What the kernel reaches its world with, by the tier that is taken."""

from __future__ import annotations

from typing import Any

from vssim.engines.compiled.backend.tiers import Tier, tier

__all__ = ["take_over", "world_at"]

take_over: Any
world_at: Any

if tier() is Tier.STRUCTS:
    from vssim.engines.compiled.backend.structs import take_over

    world_at = None  # the second tier is given its world, not an address
else:
    from vssim.engines.compiled.backend.arena import take_over, world_at
