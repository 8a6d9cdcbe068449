"""Open boards learn which row changed.

    booking, facilities ──facts──► service.py ──Redis channel "board"──► stream.py ──► browsers

Only a facility's code travels: each page refetches the row with its own rights, so a rival's
time never leaks on the way. Nothing here is kept; who missed something refetches all.
"""

BOARD_CHANNEL = "board"
EVERYTHING = "*"
"""In place of a code: refetch all rows."""
