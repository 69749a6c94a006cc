audit-clean = Audited { $entries } entries against one another: nothing to remark.
audit-remarks = Audited { $entries } entries against one another; to be looked at:
audit-repeated = the same record stands in the log before
audit-back-dated = issued more than a day before an entry that precedes it
audit-future-dated = issued after the log signed it
audit-unknown-reference = refers to a record or document that does not stand before it
audit-revoked-key = its author's key had been revoked
audit-untold = … and { $entries } more entries.
