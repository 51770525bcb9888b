# SPDX-License-Identifier: MIT
"""A stand-in for GOV.UK Pay: the same paths, bodies and states as its published API, on one SQLite file.

It exists so that a council can take a pretend payment a minute after the first `./onecouncil up`, and so
that every awkward ending of a payment can be tested over real HTTP. It takes no card, and holds no money.

The life of a payment here, as at GOV.UK Pay:

1. the service POSTs `/v1/payments` and is told `next_url`, where it sends the payer;
2. the payer opens `next_url` (created → started), and on our page chooses how this payment shall end;
3. the payment ends (success, failed, cancelled, error), and a signed webhook is queued in the same transaction;
4. the payer is sent back (303) to the service's `return_url`, which carries nothing of ours;
5. the service asks `GET /v1/payments/{id}` what happened, and believes only that.

Standard library only: nothing here knows Django, or anything else of OneCouncil.
"""
