# SPDX-License-Identifier: MIT
"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2/): report services and their public cases, for others.

`offer` which services, and what they ask · `filling` from a report's arguments to a journey's answers · `asking` the
filters of the list · `documents` JSON and XML · `views` the addresses. Answers hold no personal data.
"""
