"""The most that two names can score, told in a fraction of the time that the score takes: to hold one company against very many."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from crm.kernel.names.likeness import OWN_PART_SHARE, NameParts, chinese_score, is_misspelt

_OF_OWN, _OF_WHOLE = 100 * OWN_PART_SHARE, 100 * (1 - OWN_PART_SHARE)


class Bound:
    """One company's names, ready to be held against those of others."""

    def __init__(self, names: NameParts) -> None:
        self._latin = [(_Part(name.own), name.own_letters, _Part(name.whole), name.whole_letters) for name in names.latin]
        self._chinese = names.chinese

    def may_reach(self, score: float, theirs: NameParts) -> bool:
        """False only where names of one script were compared and no pair of them scores so high; True does not say that one does.

        One function, for it runs millions of times for one directory.
        """
        for our_own, our_own_letters, our_whole, our_whole_letters in self._latin:
            for whole, own, whole_letters, own_letters in theirs.latin:
                own_share = _OF_OWN * sum(map(our_own.__getitem__, own)) / (our_own_letters + own_letters)
                if own_share + _OF_WHOLE < score and not our_own.is_joined(own, own_letters):
                    continue
                whole_share = _OF_WHOLE * sum(map(our_whole.__getitem__, whole)) / (our_whole_letters + whole_letters)
                if own_share + whole_share >= score:
                    return True
                if our_own.is_joined(own, own_letters):
                    own_share = _OF_OWN
                if our_whole.is_joined(whole, whole_letters):
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
        self._letters = len(self._joined)

    def __missing__(self, word: str) -> int:
        gain = max((len(word) + len(own) for own in self._words if is_misspelt(own, word)), default=0)
        self[word] = gain
        return gain

    def is_joined(self, words: Sequence[str], letters: int) -> bool:
        """Whether these are the same letters in a row: "Wing Fat" and "Wingfat" are one name, though they share no word."""
        return letters == self._letters and "".join(words) == self._joined
