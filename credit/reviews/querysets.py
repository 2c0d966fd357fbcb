"""Who may see which reviews, questions and memos (domain 1.2): whoever sees the pack; what credit still writes is credit's alone."""

from typing import Any

from credit.packs.querysets import CREDIT, READERS_OF_ALL
from crm.kernel.querysets import VisibleQuerySet


class OfPackQuerySet(VisibleQuerySet[Any]):
    """What belongs to a pack."""

    def visible_to(self, user: Any) -> "OfPackQuerySet":
        """As the pack."""
        return self.filter(pack__in=self.model.pack_model().objects.visible_to(user))


class ReviewQuerySet(OfPackQuerySet):
    """Reviews: the internal rating stands in them (class R)."""


class QuestionQuerySet(VisibleQuerySet[Any]):
    """Questions."""

    def visible_to(self, user: Any) -> "QuestionQuerySet":
        """As the pack; one that was not sent yet is the credit department's, head office's, compliance's and audit's."""
        seen = self.filter(pack__in=self.model.pack_model().objects.visible_to(user))
        return seen if user.actor.has_role(*CREDIT, *READERS_OF_ALL) else seen.exclude(sent_at=None)


class SayingQuerySet(VisibleQuerySet[Any]):
    """What was said in threads."""

    def visible_to(self, user: Any) -> "SayingQuerySet":
        """As the question."""
        return self.filter(question__in=self.model.question_model().objects.visible_to(user))


class MemoQuerySet(VisibleQuerySet[Any]):
    """Analysts' memos."""

    def visible_to(self, user: Any) -> "MemoQuerySet":
        """As the pack; before the fact check it is the credit department's alone."""
        seen = self.filter(pack__in=self.model.pack_model().objects.visible_to(user))
        return seen if user.actor.has_role(*CREDIT, *READERS_OF_ALL) else seen.filter(sent_at__isnull=False)
