# SPDX-License-Identifier: MIT
"""Refusals, each with the status, code and words that GOV.UK Pay gives."""

from __future__ import annotations


class ApiError(Exception):
    """One refused request; `body()` is the JSON that the caller reads."""

    def __init__(
        self,
        status: int,
        code: str,
        description: str,
        field: str | None = None,
        header: str | None = None,
    ) -> None:
        super().__init__(f"{status} {code} {description}")
        self.status = status
        self.code = code
        self.description = description
        self.field = field
        self.header = header

    def body(self) -> dict[str, str]:
        body = {"code": self.code, "description": self.description}
        if self.field:
            body["field"] = self.field
        if self.header:
            body["header"] = self.header
        return body


class Unauthorised(ApiError):
    """A missing or wrong key. The contract promises no body for it."""

    def __init__(self) -> None:
        super().__init__(401, "P0920", "Credentials are required to access this resource")


def missing(code: str, field: str) -> ApiError:
    return ApiError(400, code, f"Missing mandatory attribute: {field}", field)


def wrong_kind(code: str, field: str, why: str) -> ApiError:
    """The value is not even of the right JSON type: 400, as it could not be read."""
    return ApiError(400, code, f"Invalid attribute value: {field}. {why}", field)


def invalid(code: str, field: str, why: str) -> ApiError:
    """The value was read, and is not allowed: 422."""
    return ApiError(422, code, f"Invalid attribute value: {field}. {why}", field)


def not_found(code: str) -> ApiError:
    return ApiError(404, code, "Not found")


def too_many() -> ApiError:
    return ApiError(429, "P0900", "Too many requests")


def downstream(code: str = "P0999") -> ApiError:
    return ApiError(500, code, "Downstream system error")
