"""Titles to land, buildings, equipment: each thing once, moved by both parties' signatures, its document sealed."""

from .chain import Event, Register, TitleChain, replay, title_records
from .drafts import Draft, draft_registration, draft_transfer, parse_draft, sign_draft
from .history import Step, history, title_count, titles_by_id
from .marks import object_mark, registry_secret
from .owners import OwnerKeys, new_owner, owner_ids, parse_owner
from .registration import new_registration, rebuild_titles, record_event, title_chain
from .tables import title_table

__all__ = [
    "Draft",
    "Event",
    "OwnerKeys",
    "Register",
    "Step",
    "TitleChain",
    "draft_registration",
    "draft_transfer",
    "history",
    "new_owner",
    "new_registration",
    "object_mark",
    "owner_ids",
    "parse_draft",
    "parse_owner",
    "rebuild_titles",
    "record_event",
    "registry_secret",
    "replay",
    "sign_draft",
    "title_chain",
    "title_count",
    "title_records",
    "title_table",
    "titles_by_id",
]
