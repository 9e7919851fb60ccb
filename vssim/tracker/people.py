"""Names of people become tokens: the same name is the same token everywhere, and the name is nowhere."""

from __future__ import annotations

import hashlib

import polars as pl


def token(name: str, begins: str = "p") -> str:
    """A token for a name: the same for the same name, in every file and every month."""
    return f"{begins}-{hashlib.blake2b(name.strip().casefold().encode(), digest_size=5, person=b'vssim').hexdigest()}"


def tokens(names: pl.Series, begins: str = "p") -> pl.Series:
    """A token for each name; null stays null."""
    distinct = names.drop_nulls().unique().to_list()
    known = {name: token(str(name), begins) for name in distinct}
    return names.replace_strict(known, default=None, return_dtype=pl.String) if known else names.cast(pl.String)
