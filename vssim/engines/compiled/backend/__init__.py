"""How the kernel becomes machine code and is kept: nothing here knows what a value stream is."""
