# SPDX-License-Identifier: MIT
"""The room's pages: sign-in (allauth's views in our clothes), the account, staff and their roles."""
