"""Looking at a history and the machine under it: what is well, what is not, and what to do."""

from __future__ import annotations

from sanctuary.doctor.examination import CHECKS, Examination
from sanctuary.doctor.finding import Finding, State

__all__ = ["CHECKS", "Examination", "Finding", "State"]
