"""Files people take away: CSV, XLSX, GeoJSON, later PDF."""
