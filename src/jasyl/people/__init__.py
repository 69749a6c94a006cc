"""Accounts, rights, publication levels."""
