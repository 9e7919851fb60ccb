"""Which lever of a change did how much of what it does."""
