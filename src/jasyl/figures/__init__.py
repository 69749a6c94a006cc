"""Computed numbers, their methods and dependencies, and the statements somebody published."""
