"""Long work: progress that can be seen and cancelled."""
