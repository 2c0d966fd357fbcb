"""Business operations on clippings.

add_clippings(source_id=, drafts=[Draft(...)], klass=, publish=, actor=, now=) -> Added     in one transaction, at most 500
source_named(name, actor=, now=) -> Source
settle(clipping_ids, actor=, now=)                    after an editor published, changed or withdrew: mentions, story, timeline, search
tag_clipping(clipping_id=, tags=Tags(...), actor=) -> what it was; retag_clipping(clipping_id=, columns=, actor=)
publish_clipping(clipping_id=, actor=), withdraw_clipping(clipping_id=, actor=)
rule_on_mention(mention_id=, meant=, actor=, now=) -> Ruling
back_link(company_ids, now=) -> int                   a new name: the archive is asked for it
"""

from content.clippings.services.adding import Added, Draft, add_clippings, source_named
from content.clippings.services.desk import Tags, publish_clipping, retag_clipping, tag_clipping, withdraw_clipping
from content.clippings.services.linking import back_link, link
from content.clippings.services.publishing import settle
from content.clippings.services.ruling import rule_on_mention
from content.clippings.services.stories import sweep_bands

__all__ = [
    "Added",
    "Draft",
    "Tags",
    "add_clippings",
    "back_link",
    "link",
    "publish_clipping",
    "retag_clipping",
    "rule_on_mention",
    "settle",
    "source_named",
    "sweep_bands",
    "tag_clipping",
    "withdraw_clipping",
]
