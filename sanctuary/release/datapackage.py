"""``datapackage.json``: the tables for programs, as the Data Package standard describes them.

The standard is https://datapackage.org, version 2.0.
"""

from __future__ import annotations

import json
from typing import Any

from sanctuary.release.described import Described, Field, Table
from sanctuary.release.papers import Package
from sanctuary.release.since import CHANGES_FILE, COLUMNS, MEANINGS

_TYPES = {"INTEGER": "integer", "REAL": "number", "TEXT": "string"}
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}

Files = dict[str, tuple[int, str]]
"""By path: size in bytes, and sha256."""


def data_package(
    package: Package, described: Described, files: Files, forms: tuple[str, ...]
) -> bytes:
    """Return the descriptor of a package with these files."""
    names = {table.name for table in package.tables}
    resources = [
        {
            **_resource(f"{table.name}{'' if form == 'csv' else f'-{form}'}", files, path, form),
            "title": table.title,
            "description": table.meaning,
            "schema": _schema(table, names),
            "rows": package.rows[table.name],
        }
        for table in package.tables
        for form in forms
        for path in (f"data/{table.name}.{form}",)
    ]
    resources.append(
        {
            **_resource("changes-since", files, CHANGES_FILE, "csv"),
            "title": "What is otherwise than in the package before, value by value",
            "schema": {
                "fields": [
                    {"name": name, "type": "string", "description": MEANINGS[name]}
                    for name in COLUMNS
                ]
            },
        }
    )
    said = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"sanctuary-tracker-{package.name.lower()}",
        "title": package.title,
        "description": described.caveats,
        "version": package.name,
        "created": package.as_of,
        "licenses": _licenses(described),
        "sources": [
            {"title": f"{source.publisher}: {source.title}", "path": source.address or ""}
            if source.address
            else {"title": f"{source.publisher}: {source.title}"}
            for source in package.sources
        ],
        "resources": resources,
        "sanctuary": {
            "as_of": package.as_of,
            "since": package.since,
            "program": f"sanctuary-tracker {package.version}",
            "individual_rows": package.individual_rows,
            "tables_kept_out": list(package.closed),
            "texts_kept_off": list(package.texts_kept_off),
            "sources": [
                {
                    "id": source.id,
                    "documents": source.documents,
                    "first_capture": source.first_capture,
                    "last_capture": source.last_capture,
                    "parsers": list(source.parsers),
                    "notices": list(source.notices),
                }
                for source in package.sources
            ],
        },
    }
    return f"{json.dumps(said, ensure_ascii=True, indent=1)}\n".encode()


def _resource(name: str, files: Files, path: str, form: str) -> dict[str, Any]:
    size, sha256 = files[path]
    return {
        "name": name,
        "type": "table",
        "path": path,
        "format": form,
        "mediatype": _MEDIA[form],
        **({"encoding": "utf-8"} if form == "csv" else {}),
        "bytes": size,
        "hash": f"sha256:{sha256}",
    }


def _schema(table: Table, names: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(field) for field in table.fields],
        "missingValues": [""],
    }
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    foreign = [
        {
            "fields": [column],
            "reference": {"resource": "" if to == table.name else to, "fields": [there]},
        }
        for column, to, there in table.foreign_keys
        if to in names
    ]
    return {**schema, **({"foreignKeys": foreign} if foreign else {})}


def _field(field: Field) -> dict[str, Any]:
    kind = _TYPES.get(field.type, "any")
    found: dict[str, Any] = {"name": field.name, "type": kind, "description": field.meaning}
    if field.unit:
        found["unit"] = field.unit
    if field.values:
        values = [int(value) if kind == "integer" else value for value in field.values]
        found["constraints"] = {"enum": values}
    return found


def _licenses(described: Described) -> list[dict[str, str]]:
    if not described.license_url:
        return []
    return [{"title": described.license or "See README.md", "path": described.license_url}]
