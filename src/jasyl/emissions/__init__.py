"""Greenhouse gases: factors, inventories, landfill decay, allocation, avoided emissions."""
