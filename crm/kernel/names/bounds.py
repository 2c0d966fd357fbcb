"""The most that two names can score, told in a fraction of the time that the score takes: to hold one company against very many."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from crm.kernel.names.likeness import OWN_PART_SHARE, NameParts, chinese_score, is_misspelt

_OF_OWN, _OF_WHOLE = 100 * OWN_PART_SHARE, 100 * (1 - OWN_PART_SHARE)


class Bound:
    """One company's names, ready to be held against those of others."""

    def __init__(self, names: NameParts) -> None:
        parts = ((_Part(name.own), _Part(name.whole)) for name in names.latin)
        self._latin = [(own, own.__getitem__, whole, whole.__getitem__) for own, whole in parts]
        self._chinese = names.chinese

    def may_reach(self, score: float, theirs: NameParts) -> bool:
        """False only where names of one script were compared and no pair of them scores so high; True does not say that one does.

        One function, for it runs millions of times for one directory.
        """
        for our_own, own_gain, our_whole, whole_gain in self._latin:
            for whole, own, whole_letters, own_letters in theirs.latin:
                own_share = _OF_OWN * sum(map(own_gain, own)) / (our_own.letters + own_letters)
                # Almost always it ends here.
                if own_share + _OF_WHOLE < score and (own_letters != our_own.letters or not our_own.is_joined(own)):
                    continue
                whole_share = _OF_WHOLE * sum(map(whole_gain, whole)) / (our_whole.letters + whole_letters)
                if own_share + whole_share >= score:
                    return True
                if our_own.is_joined(own):
                    own_share = _OF_OWN
                if our_whole.is_joined(whole):
                    whole_share = _OF_WHOLE
                if own_share + whole_share >= score:
                    return True
        for one in self._chinese:
            for other in theirs.chinese:
                if OWN_PART_SHARE * fuzz.ratio(one[1], other[1]) + _OF_WHOLE >= score and chinese_score(one, other) >= score:
                    return True
        return not ((self._latin and theirs.latin) or (self._chinese and theirs.chinese))


class _Part(dict[str, int]):
    """For each word of other names the letters that it can add to what it shares with these: its own, and those of the word that it is.

    Worked out when it is first asked for, so that a sum over the words of a name is all that a comparison takes.
    """

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self._words = frozenset(words)
        self._joined = "".join(words)
        self.letters = len(self._joined)

    def __missing__(self, word: str) -> int:
        gain = max((len(word) + len(own) for own in self._words if is_misspelt(own, word)), default=0)
        self[word] = gain
        return gain

    def is_joined(self, words: Sequence[str]) -> bool:
        """Whether these are the same letters in a row: "Wing Fat" and "Wingfat" are one name, though they share no word."""
        return "".join(words) == self._joined
