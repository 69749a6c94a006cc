"""Planning of export grids."""
