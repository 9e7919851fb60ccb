"""Records of trackers: every kind of export, and what is told of it."""
