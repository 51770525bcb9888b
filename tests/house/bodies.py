# SPDX-License-Identifier: MIT
"""The smallest body and query an API operation accepts by its OpenAPI document: so a call gets as far as who may."""

from typing import Any


def sample(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    """A value of the schema: required parts only, the first of several choices, the shortest of strings."""
    if "$ref" in schema:
        return sample(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return sample(schema[choice][0], document)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object" or "properties" in schema:
        wanted = schema.get("required", [])
        return {name: sample(part, document) for name, part in schema.get("properties", {}).items() if name in wanted}
    simple: dict[str, Any] = {"integer": schema.get("minimum", 1), "number": 1, "boolean": True, "array": []}
    if schema.get("type") in simple:
        return simple[schema["type"]]
    formats = {"date": "2026-11-23", "uuid": "00000000-0000-0000-0000-000000000000", "uri": "https://example.org/x"}
    return formats.get(schema.get("format", ""), "a reason" if schema.get("minLength", 0) <= 8 else "x" * 40)


def operation(document: dict[str, Any], method: str, path: str) -> tuple[Any, dict[str, Any]]:
    """(body, query) for one operation; (None, {}) when the document does not know it."""
    found = document["paths"].get(path, {}).get(method.lower())
    if found is None:
        return None, {}
    content = found.get("requestBody", {}).get("content", {}).get("application/json")
    body = sample(content["schema"], document) if content else None
    query = {
        one["name"]: sample(one["schema"], document)
        for one in found.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    }
    return body, query
