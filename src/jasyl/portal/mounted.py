"""Applications of their own below an address, beside the pages."""

from collections.abc import Mapping

from litestar.types import ASGIApp, Receive, Scope, Send


class Mounted:
    """Gives requests below an address to the application mounted there, all others to ``app``."""

    def __init__(self, app: ASGIApp, below: Mapping[str, ASGIApp]) -> None:
        self.app, self.below = app, below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            for prefix, mounted in self.below.items():
                if path == prefix or path.startswith(f"{prefix}/"):
                    await mounted(scope, receive, send)
                    return
        await self.app(scope, receive, send)
