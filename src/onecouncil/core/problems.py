# SPDX-License-Identifier: MIT
"""What can go wrong, in words a person can act on. Pages and the HTTP API turn these into the right status."""

from collections.abc import Mapping


class Problem(Exception):
    """Something the asker can understand. `status` is the HTTP status, `title` the problem+json title."""

    status = 400
    title = "The request could not be done"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title


class Invalid(Problem):
    """Input that needs correcting. `fields`: field name → the message shown beside it ("" for the whole form)."""

    status = 422
    title = "There is a problem with what you entered"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


class NotFound(Problem):
    """Not there, or not yours to see: the two are told alike on purpose."""

    status = 404
    title = "We could not find that"


class SignInNeeded(Problem):
    """Nobody is signed in; pages send the asker to sign in and back."""

    status = 401
    title = "Sign in to do this"


class Forbidden(Problem):
    status = 403
    title = "You do not have permission to do this"


class Conflict(Problem):
    """The thing changed meanwhile, or is in a state that does not allow this."""

    status = 409
    title = "This has changed since you last looked"


class TooMany(Problem):
    """A rate limit. `retry_after` in seconds."""

    status = 429
    title = "Too many tries. Wait a few minutes and try again"

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__()
        self.retry_after = retry_after


class Unavailable(Problem):
    """An outside service is down or slow."""

    status = 503
    title = "A service we rely on is not answering. Try again in a few minutes"
