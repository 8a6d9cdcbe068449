"""Stand-ins that the local stack runs beside the product: a mailbox and a WeChat server.

The product knows only their addresses, as it would know those of a real mail relay and of the real WeChat.
"""
