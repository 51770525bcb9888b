# SPDX-License-Identifier: MIT
"""The proof that nothing is lost and nothing happens twice: real processes, killed with SIGKILL at random moments.

The life of a proof (`./onecouncil prove crash`):
1. `conductor` makes a private database, an endpoint for webhooks, and a receiver that writes down what it gets;
2. `players` are started: the worker, a publisher of events, a writer of the feed, the web process and its client;
3. round after round one of them, chosen by the seed, is killed at a moment chosen by the seed, and started again;
4. the publisher stops, the worker is let finish;
5. `verdict` counts: each event, each subscriber, each message, row of the feed, webhook and case, once.
"""
