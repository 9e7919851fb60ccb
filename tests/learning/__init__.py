"""Learning a baseline from records and answers."""
