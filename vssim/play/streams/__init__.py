"""Streams of luck evaluated where they are needed: a number is its stream's key and its place, without a generator a stream."""
