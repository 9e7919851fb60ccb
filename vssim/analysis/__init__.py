"""What runs say: metrics, statistics, many replications, comparison. All of it reads the visit log."""
