"""Views: they read logs and tables, and never start an engine."""
