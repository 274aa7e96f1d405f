"""Messages to people: texts, SMS segments, telephone numbers, statuses and channels.

The package knows neither tables nor Flask. A caller renders a text (``texts``), hands it to a channel
(``channels``) and records what came of it as one of ``statuses``.
"""
