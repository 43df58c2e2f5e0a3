"""The page of all policies: by state and jurisdiction, when each changed last and how it stands."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Forbidden, NotFound

from db.policy_index import WatchedPolicy, watched_policies
from db.timeline import ListState
from sanctuary.clock import utc_now
from sanctuary.site.visit import Visit
from sanctuary.wording import day_and_time

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_SHOWN = 200
"""Policies on one page; where there are more, a state is chosen first."""
_TABLES = frozenset({"policies", "jurisdictions", "jurisdiction_names"})


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with all policies, or with those of one ``state``, as a page or as JSON."""
    visit = await Visit.of(request, datasette)
    if not await visit.visible(_TABLES) >= _TABLES:
        raise Forbidden("You do not have permission to view the policies")
    now = utc_now()
    policies = await visit.read(lambda db: watched_policies(db, now))
    state = visit.asked("state")
    shown = [each for each in policies if state is None or each.state == state]
    if state is not None and not shown:
        raise NotFound("No policy of this state is watched")
    if visit.form:
        return visit.json({"policies": [_data(each) for each in shown]})
    states = [
        (name, found[0].state, len(found))
        for name, group in groupby(policies, key=_state_of)
        for found in [list(group)]
    ]
    if state is None and len(shown) > MOST_SHOWN:
        shown = [each for each in shown if each.state is None]
    context = {
        "state": state,
        "count": len(policies),
        "states": states,
        "groups": [(name, list(group)) for name, group in groupby(shown, key=_state_of)],
        "notices": sorted({each.notice for each in shown if each.notice}),
        "standing": standing_of,
    }
    return await visit.html("sanctuary_policies.html", context)


def _state_of(policy: WatchedPolicy) -> str:
    return policy.state_name or "Not resolved to a place"


def _data(policy: WatchedPolicy) -> dict[str, Any]:
    data = asdict(policy)
    return {"source_id": data.pop("id"), **data, "sentence": standing_of(policy)}


def standing_of(policy: WatchedPolicy) -> str:
    """Return how a policy stands today, as the newest version that is held of it, in words."""
    last = day_and_time(policy.last_stated) if policy.last_stated else ""
    match policy.stands:
        case None:
            return "no version is held yet"
        case ListState.PUBLIC:
            return f"stands today, as far as observed; last seen {last}"
        case ListState.NOT_OBSERVED:
            return f"not observed today; last seen {last}"
        case ListState.WITHDRAWN:
            return f"its page was taken down; last seen {last}"
        case ListState.ENDED:
            return f"ended; last seen {last}"
