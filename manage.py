#!/usr/bin/env python
# SPDX-License-Identifier: MIT
"""Django's own entry, for tools that expect it. People use ./onecouncil."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecouncil.house.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
