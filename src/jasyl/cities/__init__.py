"""City books, verification, city pages."""
