"""What the services say to each other: the only package that all of them may import."""
