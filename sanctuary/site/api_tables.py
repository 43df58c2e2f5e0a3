"""Datasette's own JSON, as far as scripts can rely on it here, and our files."""

from __future__ import annotations

from sanctuary.site.api_endpoint import Endpoint, Key, Parameter

TABLES = (
    Endpoint(
        "table",
        "A table as a list",
        "Rows of any table or view, a hundred at a time, filtered by its columns. What the columns "
        "mean is in the data dictionary (downloads.json).",
        "/{table}.json?_shape=array",
        "/current_listings.json?_shape=array&source_id={list}",
        (
            Key("[].source_id", "a column of the view: all of them are there"),
            Key("[].jurisdiction", "another"),
            Key("[].public_from", "another"),
            Key("[].notice", "what the document says of itself if it is no official one"),
        ),
        (
            Parameter(
                "{column}",
                "rows with this value; {column}__contains, __gte, __lt and the "
                "other filters of Datasette",
            ),
            Parameter("_sort, _sort_desc", "a column"),
            Parameter("_size", "rows, up to a thousand"),
            Parameter("_search", "words, where the table has an index of words"),
        ),
        (".csv",),
    ),
    Endpoint(
        "rows",
        "A table page by page",
        "The same as an object that says where the next page is.",
        "/{table}.json?_shape=objects",
        "/current_changes.json?_shape=objects&_size=2",
        (
            Key("rows[].public_id", "the columns of a row, by name"),
            Key("next_url", "the whole address of the next page; null after the last"),
        ),
    ),
    Endpoint(
        "query",
        "A ready query",
        "One of the queries that metadata.yml describes, by its name. They are listed on the page "
        "of the database, with what they say and take.",
        "/{query}.json?_shape=array&{parameter}={value}",
        "/listings_on_day.json?_shape=array",
        (),
        (Parameter("{parameter}", "a parameter of the query"),),
        (".csv",),
    ),
    Endpoint(
        "sql",
        "SQL of your own",
        "Any SELECT, where this site allows it: within a second, a thousand rows at most.",
        ".json?_shape=array&sql={select}",
        ".json?_shape=array&sql=SELECT+id,+title+FROM+sources",
        (Key("[].id", "a column of the SELECT"), Key("[].title", "another")),
        (Parameter("sql", "the SELECT, with :names of parameters"),),
        (".csv",),
    ),
    Endpoint(
        "downloads",
        "What can be downloaded",
        "Every table that can be downloaded, whole, with its columns: the data dictionary.",
        "/-/downloads.json",
        "/-/downloads.json",
        (
            Key("tables[].name", "the name of a table or view"),
            Key("tables[].description", "what it holds"),
            Key("tables[].rows", "how many rows; null where nobody counted them"),
            Key("tables[].columns[].name", "a column"),
            Key("tables[].columns[].type", "INTEGER, REAL or TEXT; empty where none is declared"),
            Key("tables[].columns[].description", "what it holds"),
            Key("tables[].downloads.csv", "its address as CSV; .json and .parquet beside it"),
        ),
        (),
        (".csv (the columns alone)",),
    ),
    Endpoint(
        "download",
        "A whole table",
        "All rows of a table as one list, sent while they are read, without limit.",
        "/-/download/{table}.json",
        "/-/download/jurisdictions.json",
        (Key("[].id", "a column of the table"), Key("[].name", "another")),
        (),
        (".csv (formula-safe)", ".parquet"),
    ),
)
