# SPDX-License-Identifier: MIT
"""The sources of the stylesheet and the script, and the program that builds them."""
