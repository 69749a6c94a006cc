"""Tables of what is sealed: the ciphertexts, and the one small table whose rows open them."""

import sqlalchemy as sa

from jasyl.storage import METADATA

sealed_payload_table = sa.Table(
    "sealed_payload",
    METADATA,
    sa.Column("record_id", sa.String(64), primary_key=True, comment="The sealed record, hexadecimal"),
    sa.Column("subject", sa.String(128), nullable=False, index=True, comment="Pseudonym, as in the record"),
    sa.Column("ciphertext", sa.LargeBinary, nullable=True, comment="12 bytes nonce, AES-256-GCM; null after erasure"),
    sa.Column("created_at", sa.BigInteger, nullable=False, comment="µs since 1970, UTC"),
    sa.Column("erased_at", sa.BigInteger, nullable=True, comment="µs since 1970, UTC; set by erasure"),
    sa.Column("erase_record", sa.String(64), nullable=True, comment="The erase record, hexadecimal"),
    comment="Encrypted payloads of sealed records; unreadable without a row of wrapped_key.",
)

wrapped_key_table = sa.Table(
    "wrapped_key",
    METADATA,
    sa.Column("record_id", sa.String(64), primary_key=True, comment="The sealed record, hexadecimal"),
    sa.Column("reader_id", sa.String(64), primary_key=True, comment="SHA-256 of the reader's public key, hexadecimal"),
    sa.Column("reader_name", sa.String(255), nullable=False),
    sa.Column("wrap", sa.LargeBinary, nullable=False, comment="HPKE MLKEM768_X25519 of data key and salt"),
    sa.Column("created_at", sa.BigInteger, nullable=False, comment="µs since 1970, UTC"),
    comment="Data key and salt of each sealed payload, wrapped to each of its readers; deleting the rows erases it.",
)
