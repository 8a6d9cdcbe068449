"""Who has what when: reservations and the claims they hold."""
