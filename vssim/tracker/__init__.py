"""Records of a team's own tracker: the only place that reads exports. One reader a format; all give moves and items."""
