"""What stands where a name should, and is none: totals and notes under a list, formulas."""

import re
import unicodedata

_FOOTER = re.compile(
    r"""[\s*※#—–-]*(?:
        (?:grand[ ]|sub-?)?total(?:[ ](?:number|no\.?|companies|records|rows|count)\b.*|\s*[:=].*|[\d\s,.]*)
      | (?:合計|合计|總計|总计|小計|小计|共計|共计)(?:\s*:.*|[\d\s,.]*[家間间個个條条筆笔项項]?)
      | end[ ]of[ ](?:the[ ])?(?:list|file|report|document|data|table)\b.*
      | (?:data[ ])?sources?\s*:.*
      | (?:foot)?(?:notes?|remarks?)\s*\d*\s*:.*
      | (?:資料來源|资料来源|數據來源|数据来源)(?:[\s:].*)?
      | (?:來源|来源|備註|备注|附註|附注|註|注)\s*\d*\s*:.*
    )[\s*—–-]*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_FORMULA = re.compile(r"[=@].*[()\[\]!]|[=@+-]\w+\||\w+\|.*!", re.DOTALL)


def is_footer(text: str) -> bool:
    """Whether the text is a total or note under a list: "Total: 12", "End of list", "資料來源：港交所"."""
    return _FOOTER.fullmatch(unicodedata.normalize("NFKC", text)) is not None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula or a call of a program: "=HYPERLINK(...)", "@SUM(1)", "cmd|'/C calc'!A0"."""
    return _FORMULA.match(unicodedata.normalize("NFKC", text).strip()) is not None
