"""Long work: progress that can be seen and cancelled."""

from .job import Job, Jobs, State
from .progress import Cancelled, Progress, Silent, Terminal, Token

__all__ = ["Cancelled", "Job", "Jobs", "Progress", "Silent", "State", "Terminal", "Token"]
