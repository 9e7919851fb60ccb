"""Public holidays of a country, from the package `holidays` of the extra `data`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from vssim.errors import MissingExtra, nearest

Refusal = tuple[str, str, str, str]
"""The key, the value, what was expected, the nearest right one."""


def public_holidays(entry: Mapping[Any, Any], years: range) -> tuple[list[dt.date], Refusal | None]:
    """The public holidays of `{country: DE, region: BY}` in some years; else what is wrong with it.

    Raises MissingExtra without the extra.
    """
    try:
        import holidays
    except ImportError:
        raise MissingExtra("holidays by country need the extra `data`: pip install 'vssim[data]'") from None
    for key in entry:
        if key not in ("country", "region"):
            return [], (str(key), str(key), "country and region", nearest(str(key), ("country", "region")))
    known: dict[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    country, region = str(entry["country"]), entry.get("region")
    if country not in known:
        return [], ("country", country, "a country by its two letters, as in DE", nearest(country.upper(), known, 0.4))
    if region is not None and str(region) not in known[country]:
        listed = ", ".join(known[country]) or "none"
        return [], ("region", str(region), f"a region of {country}: {listed}", nearest(str(region).upper(), known[country], 0.4))
    dates = holidays.country_holidays(country, subdiv=None if region is None else str(region), years=list(years))
    return sorted(dates), None
