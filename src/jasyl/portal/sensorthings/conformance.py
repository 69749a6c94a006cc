"""Requirement classes of 18-088 that this service meets; each has a test of its own in `tests/portal/sensorthings`."""

_REQ = "http://www.opengis.net/spec/iot_sensing/1.1/req"
CONFORMANCE = (
    f"{_REQ}/datamodel",
    f"{_REQ}/resource-path/resource-path-to-entities",
    f"{_REQ}/request-data/order",
    f"{_REQ}/request-data/select",
    f"{_REQ}/request-data/expand",
    f"{_REQ}/request-data/filter",
    f"{_REQ}/request-data/built-in-filter-operations",
    f"{_REQ}/request-data/built-in-query-functions",
    f"{_REQ}/request-data/orderby",
    f"{_REQ}/request-data/top",
    f"{_REQ}/request-data/skip",
    f"{_REQ}/request-data/count",
    f"{_REQ}/request-data/pagination",
    f"{_REQ}/request-data/status-codes",
    f"{_REQ}/create-update-delete/create-entity",
    f"{_REQ}/create-update-delete/link-to-existing-entities",
    f"{_REQ}/create-update-delete/deep-insert",
    f"{_REQ}/create-update-delete/deep-insert-status-codes",
    f"{_REQ}/create-update-delete/update-entity",
    f"{_REQ}/create-update-delete/update-entity-jsonpatch",
    f"{_REQ}/create-update-delete/delete-entity",
    f"{_REQ}/create-update-delete/historical-location-auto-creation",
    f"{_REQ}/batch-request/batch-request",
    f"{_REQ}/data-array/data-array",
)
