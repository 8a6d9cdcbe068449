"""Decisions about reservations: pure functions and frozen values."""
