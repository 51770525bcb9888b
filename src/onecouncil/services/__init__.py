# SPDX-License-Identifier: MIT
"""The catalogue of services and their journeys: pages, questions, drafts, submissions, and the editor of their words."""
