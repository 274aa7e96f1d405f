"""iCalendar (RFC 5545) for appointments. Knows no web framework and no tables; see README.md."""
