"""Pages of clippings."""

from content.clippings.views.desk import (
    InboxList,
    InboxPublish,
    InboxTag,
    PublishedList,
    PublishedTag,
    PublishedWithdraw,
)
from content.clippings.views.news import ClippingDetail, CompanyNews, GroupNews, MentionConfirm, MentionRefuse, NewsList

__all__ = [
    "ClippingDetail",
    "CompanyNews",
    "GroupNews",
    "InboxList",
    "InboxPublish",
    "InboxTag",
    "MentionConfirm",
    "MentionRefuse",
    "NewsList",
    "PublishedList",
    "PublishedTag",
    "PublishedWithdraw",
]
