"""Pages of clippings."""

from content.clippings.views.desk import (
    InboxList,
    InboxPublish,
    InboxTag,
    PublishedList,
    PublishedTag,
    PublishedWithdraw,
)
from content.clippings.views.news import ClippingDetail, CompanyNews, MentionConfirm, MentionRefuse, NewsList

__all__ = [
    "ClippingDetail",
    "CompanyNews",
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
