"""The pages of the manual, and where their examples think the server is."""

from tests.serving import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
IN_THE_MANUAL = "http://127.0.0.1:8080"  # the server of the examples; tests put the real one in its place
