"""Who is told what, on which channel: deliveries made from facts, and a sender that works them off."""
