"""Who is in front of a live page, what they say, and what is shown to them all."""
