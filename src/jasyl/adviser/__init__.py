"""Where a blockchain is suited, and where it is not."""
