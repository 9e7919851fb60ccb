"""Records of a team's own tracker. Only this package reads exports: each format has one reader; all give moves and items."""
