"""Business operations on alerts.

keep_alert(terms=AlertTerms(...), actor=) -> Alert
change_alert(alert_id=, version=, terms=, actor=, now=) -> Alert
remove_alert(alert_id=, actor=)
find_stories(clipping_ids, now=) -> int        clippings became readable: what alerts find among them
tell_due(now=) -> int                          what is due is told, once; one mail an owner
"""

from content.alerts.services.finding import find_stories
from content.alerts.services.keeping import AlertTerms, change_alert, keep_alert, remove_alert
from content.alerts.services.telling import KIND, tell_due

__all__ = ["KIND", "AlertTerms", "change_alert", "find_stories", "keep_alert", "remove_alert", "tell_due"]
