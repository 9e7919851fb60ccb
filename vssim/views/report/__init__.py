"""The report: one page in one file, which asks nobody for anything and can be mailed."""
