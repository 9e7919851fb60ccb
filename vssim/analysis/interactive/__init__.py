"""What a live page asks for: two sides of a change, what can be moved, and where to."""
