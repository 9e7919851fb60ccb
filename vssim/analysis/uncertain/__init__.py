"""What is not known, in answers: how sure a change is over all that is thought possible, and what would decide it."""
