# SPDX-License-Identifier: MIT
"""The composition root: settings, URL and API roots, command line. The only place that knows every room."""
