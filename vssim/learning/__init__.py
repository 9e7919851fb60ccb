"""A baseline from records: what a team's moves and answers say of its organisation, fitted, checked, and how sure it is."""
