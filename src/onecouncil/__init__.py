# SPDX-License-Identifier: MIT
"""OneCouncil: one digital council in one house. See docs/architecture.md."""
