"""Checks passports, proofs and exported logs of Jasyl offline."""

from .folder import check_folder
from .notes import Policy, all_of, parse_policy
from .passport import Verdict, check_passport, check_proof
from .records import Refused

__all__ = ["Policy", "Refused", "Verdict", "all_of", "check_folder", "check_passport", "check_proof", "parse_policy"]
