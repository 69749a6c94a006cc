"""Certificates on the ledger: issue, transfer, retire."""
