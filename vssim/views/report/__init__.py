"""The report: one page in one file that loads nothing from elsewhere and can be mailed."""
