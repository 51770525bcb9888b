# SPDX-License-Identifier: MIT
"""The catalogue of services and their journeys: pages, questions, drafts, submissions, the editor of words."""
