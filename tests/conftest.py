"""For every ring."""

from hypothesis import settings

# A shared machine may stall for longer than any deadline; what failed can be repeated from what is printed.
settings.register_profile("here", deadline=None, print_blob=True)
settings.load_profile("here")
