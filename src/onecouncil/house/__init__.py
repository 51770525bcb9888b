# SPDX-License-Identifier: MIT
"""The composition root: settings, URL roots, the HTTP API root, the command line. The only place that knows every room."""
