"""What a live page paints, worked out once for everybody who looks at it."""
