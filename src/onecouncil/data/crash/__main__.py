# SPDX-License-Identifier: MIT
"""`python -m onecouncil.data.crash ROUNDS SEED`, with the private data folder in the environment: see `prove`."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from onecouncil.data.crash.conductor import main

    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
