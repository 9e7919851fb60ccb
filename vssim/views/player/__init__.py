"""The player: replays a run as an animated board. Python writes traces and charts, plain ES modules show them."""
