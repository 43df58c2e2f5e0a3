"""What describes the data is not copied for each question about who may see it."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

from sanctuary.site.settled import settle_metadata


def _server(metadata: dict[str, Any]) -> Any:
    return SimpleNamespace(_metadata_local=metadata)


def test_what_is_said_of_tables_and_queries_is_shared_by_copies_and_the_rest_is_not() -> None:
    metadata: dict[str, Any] = {
        "databases": {
            "tracker": {
                "allow": {"id": "root"},
                "queries": {"all": {"sql": "SELECT 1"}},
                "tables": {"listings": {"columns": {"policy": "Said"}}},
            }
        }
    }
    before = deepcopy(metadata)
    settle_metadata(_server(metadata))

    copied = deepcopy(metadata)

    assert metadata == before
    mine, other = (each["databases"]["tracker"] for each in (metadata, copied))
    assert mine["queries"] is other["queries"]
    assert mine["tables"]["listings"] is other["tables"]["listings"]
    assert mine["allow"] is not other["allow"]


def test_metadata_without_databases_is_let_be() -> None:
    settle_metadata(_server({}))
