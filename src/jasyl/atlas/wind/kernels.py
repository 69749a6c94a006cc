"""The compiled loops of the wind: cell by cell over a row of time, float32 within, float64 in what is added up.

Imported only where a map is computed: numba takes a second to load. Arrays are flat over the grid: [time, cell].
"""
