"""Long work: progress that can be seen and cancelled; workers that do not outlive their server."""

from .job import Job, Jobs, State
from .parent import end_with_parent
from .progress import Cancelled, Progress, Silent, Terminal, Token

__all__ = ["Cancelled", "Job", "Jobs", "Progress", "Silent", "State", "Terminal", "Token", "end_with_parent"]
