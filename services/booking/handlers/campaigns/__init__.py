"""Campaigns: all steps in one transaction, and one fact that tells of all of them.

The campaign's row is locked first, then its members by their ids, then the units by theirs.
"""
