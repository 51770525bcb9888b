# SPDX-License-Identifier: MIT
"""The JSON bodies of answers, in the shapes of the published contract. Pure: rows in, dictionaries out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .clock import iso, iso_day
from .states import FINISHED, MESSAGES, may_cancel, may_choose

Json = dict[str, Any]
Row = Any  # a sqlite3.Row: read by name
SETTLES_AFTER = 2 * 86400.0


def link(href: str, method: str = "GET") -> Json:
    return {"href": href, "method": method}


def state(status: str, code: str | None) -> Json:
    body: Json = {"status": status, "finished": status in FINISHED}
    if code:
        body |= {"code": code, "message": MESSAGES[code]}
    return body


def refund_summary(row: Row, refunded: int) -> Json:
    available = row["amount"] - refunded if row["status"] == "success" else 0
    status = "pending"
    if row["status"] == "success":
        status = "available" if available else "full"
    elif row["status"] in FINISHED:
        status = "unavailable"
    return {
        "status": status,
        "amount_available": max(available, 0),
        "amount_submitted": refunded,
    }


def settlement_summary(row: Row, now: float) -> Json:
    if row["captured"] is None:
        return {}
    body = {
        "capture_submit_time": iso(row["captured"]),
        "captured_date": iso_day(row["captured"]),
    }
    settled = row["captured"] + SETTLES_AFTER
    if settled <= now:
        body["settled_date"] = iso_day(settled)
    return body


def payment(row: Row, refunded: int, base: str, public: str, now: float) -> Json:
    """One payment in full. `base` is where our API is, `public` where the payer's browser finds us."""
    body: Json = {
        "payment_id": row["payment_id"],
        "payment_provider": "sandbox",
        "amount": row["amount"],
        "reference": row["reference"],
        "description": row["description"],
        "return_url": row["return_url"],
        "language": row["language"],
        "authorisation_mode": "web",
        "delayed_capture": bool(row["delayed_capture"]),
        "moto": bool(row["moto"]),
        "created_date": iso(row["created"]),
        "state": state(row["status"], row["code"]),
        "refund_summary": refund_summary(row, refunded),
        "settlement_summary": settlement_summary(row, now),
        "_links": payment_links(row, base, public),
    }
    body |= _only_when_known(row)
    return body


def _only_when_known(row: Row) -> Json:
    """Attributes that GOV.UK Pay leaves out until there is something to say."""
    body: Json = {}
    if row["email"]:
        body["email"] = row["email"]
    metadata = json.loads(row["metadata"])
    if metadata:
        body["metadata"] = metadata
    if row["provider_id"]:
        body["provider_id"] = row["provider_id"]
        body["card_details"] = {
            "card_brand": "Visa",
            "card_type": "debit",
            "cardholder_name": "Pretend payer",
        }
        body["card_brand"] = "Visa"
    if row["status"] == "success":
        body |= {"total_amount": row["amount"], "fee": 0, "net_amount": row["amount"]}
    return body


def payment_links(row: Row, base: str, public: str) -> Json:
    at = f"{base}/v1/payments/{row['payment_id']}"
    links = {
        "self": link(at),
        "events": link(f"{at}/events"),
        "refunds": link(f"{at}/refunds"),
    }
    if may_choose(row["status"]):
        links["next_url"] = link(f"{public}/secure/{row['token']}")
        links["next_url_post"] = {
            "type": "application/x-www-form-urlencoded",
            "params": {},
            "href": f"{public}/secure",
            "method": "POST",
        }
    if may_cancel(row["status"]):
        links["cancel"] = link(f"{at}/cancel", "POST")
    if row["status"] == "capturable":
        links["capture"] = link(f"{at}/capture", "POST")
    return links


def payment_created(body: Json) -> Json:
    """The contract's answer to a creation does not tell how the payment is authorised."""
    return {k: v for k, v in body.items() if k != "authorisation_mode"}


def payment_in_search(body: Json) -> Json:
    """A search does not give away the address at which a payment can be paid."""
    links = {k: v for k, v in body["_links"].items() if not k.startswith("next_url")}
    return body | {"_links": links}


def events(payment_id: str, rows: Sequence[Row], base: str) -> Json:
    at = f"{base}/v1/payments/{payment_id}"
    return {
        "payment_id": payment_id,
        "events": [
            {
                "payment_id": payment_id,
                "state": state(row["status"], row["code"]),
                "updated": iso(row["at"]),
                "_links": {"payment_url": link(at)},
            }
            for row in rows
        ],
        "_links": {"self": link(f"{at}/events")},
    }


def refund(row: Row, base: str) -> Json:
    at = f"{base}/v1/payments/{row['payment_id']}"
    return {
        "refund_id": row["refund_id"],
        "payment_id": row["payment_id"],
        "amount": row["amount"],
        "status": row["status"],
        "created_date": iso(row["created"]),
        "settlement_summary": {},
        "_links": {
            "self": link(f"{at}/refunds/{row['refund_id']}"),
            "payment": link(at),
        },
    }


def refunds_of(payment_id: str, rows: Sequence[Row], base: str) -> Json:
    at = f"{base}/v1/payments/{payment_id}"
    return {
        "payment_id": payment_id,
        "_embedded": {"refunds": [refund(row, base) for row in rows]},
        "_links": {"self": link(f"{at}/refunds"), "payment": link(at)},
    }


def page_of(results: list[Json], total: int, page: int, links: Mapping[str, str]) -> Json:
    return {
        "total": total,
        "count": len(results),
        "page": page,
        "results": results,
        "_links": {name: {"href": href} for name, href in links.items()},
    }
