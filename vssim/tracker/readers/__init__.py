"""The readers: one module for each kind of export. Each says how certain it is of a file, and reads it into moves and items.

A reader of another package is registered as an entry point of the group `vssim.readers`: a name for the kind, and an object with
`kind`, `recognise(source)` and `read(source, decisions)` as in `Reader`.
"""
