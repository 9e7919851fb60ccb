"""What measures vssim against its peers: every measurement first asserts that the answers agree.

`python -m benchmarks` makes the table and the picture of the README.
"""
