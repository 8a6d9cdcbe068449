"""What exists on the base, and how each of it may be used: facilities, units, opening hours, rules of use."""
