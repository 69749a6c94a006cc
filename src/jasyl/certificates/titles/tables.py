"""Table of titles: each thing once, and where its chain of events ends. Made again from the records at any time."""

import sqlalchemy as sa

from jasyl.storage import METADATA

title_table = sa.Table(
    "title",
    METADATA,
    sa.Column("title_id", sa.String(128), primary_key=True, comment="Pseudonym, as in the records"),
    sa.Column("object_mark", sa.String(64), nullable=False, unique=True, comment="HMAC over class and identification"),
    sa.Column("head", sa.String(64), nullable=False, unique=True, comment="Newest title record, hexadecimal"),
    sa.Column("events", sa.Integer, nullable=False, comment="Length of the chain"),
    comment="Titles to indivisible things: the mark that makes each unique, and its newest event.",
)
