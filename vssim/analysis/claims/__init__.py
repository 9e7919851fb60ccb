"""What a scenario's author says that the runs show, and whether they do; and whether the engines agree."""
