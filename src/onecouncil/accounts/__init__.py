# SPDX-License-Identifier: MIT
"""People and how they sign in: one account for everything, staff and residents, second factors, acting for others."""
