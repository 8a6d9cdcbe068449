"""What booking keeps in PostgreSQL."""
