"""Many runs in order: the settings they share, what is played, on whichever executor, and what that is called in a store."""
