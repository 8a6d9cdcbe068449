"""The demo: a stack that looks as if it had been in use for weeks."""
