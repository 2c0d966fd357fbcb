"""The query language of full-text search: what a person types becomes a small frozen tree, or a sentence that says what is wrong and where.

    query  := all (OR all)*            all  := part ((AND)? part)*        part := NOT part | "(" query ")" | leaf
    leaf   := word | word* | "a phrase" | field:word | field:"a phrase"

Words side by side are all wanted. A run of Chinese is a phrase of overlapping pairs, so it is found wherever it stands, whatever
dictionaries say; one character alone is the beginning of a pair. The same tree drives every engine, the highlights and the alerts.
"""

from crm.kernel.query.parsing import LONGEST_QUERY, MOST_LEAVES, Piece, QueryError, parse, plain_pieces
from crm.kernel.query.tree import (
    LONGEST_TOKEN,
    And,
    DocumentTokens,
    Field,
    Leaf,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    bind,
    index_tokens,
    keyword,
    languages,
    leaves,
    matches,
    places,
    required_terms,
)

__all__ = [
    "LONGEST_QUERY",
    "LONGEST_TOKEN",
    "MOST_LEAVES",
    "And",
    "DocumentTokens",
    "Field",
    "Leaf",
    "Not",
    "Or",
    "Phrase",
    "Piece",
    "Prefix",
    "Query",
    "QueryError",
    "Term",
    "bind",
    "index_tokens",
    "keyword",
    "languages",
    "leaves",
    "matches",
    "parse",
    "places",
    "plain_pieces",
    "required_terms",
]
