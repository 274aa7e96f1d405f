"""Channels: ways by which a message leaves. Providers are modules beside this one, imported only where used."""

from notifications.channels.delivery import Channel, Delivery, ErrorClass, Outcome, OutgoingMessage

__all__ = ["Channel", "Delivery", "ErrorClass", "Outcome", "OutgoingMessage"]
