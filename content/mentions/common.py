"""Names that are words too: a person has to say that they mean the company."""

import re

from crm.kernel import pinyin
from crm.kernel.names.vocabulary import GENERIC_EN, GENERIC_ZH, LEADING_PLACE, PLACES_EN

COMMON_SHARE = 0.002
"""A short name that stands in more of the clippings held than this is taken for a word (search.md 2)."""

_ENGLISH = """
    prime frontier summit target visa gap ford apex general national united american british western eastern northern southern central
    first standard premier royal imperial crown star sun moon earth universe galaxy horizon future fortune victory liberty freedom union
    alliance allied associated federal republic state city metro urban county country continental oriental orient europe africa america
    australia canada japan korea india london paris york chicago boston dallas texas california florida washington atlantic oceanic
    ocean river lake mountain valley island harbour harbor forest garden park bridge gate tower castle palace temple house home family
    friend energy power light water fire wind solar air space time life love hope dream vision focus impact insight match trend advance
    progress success champion winner leader master expert partner partners choice select quality value best better good great grand
    super ultra mega micro macro mini maxi alpha beta gamma delta sigma omega phoenix dragon tiger lion eagle falcon hawk bear bull wolf
    fox horse swan pearl jade diamond crystal gold golden silver platinum copper iron steel stone rock sand coral amber ruby emerald
    green blue white black orange purple scarlet rainbow spring summer autumn winter january march april june july august monday friday
    sunday today tomorrow century millennium millennia year day night morning news times post herald journal express daily weekly world
    globe global planet nature natural organic fresh pure clean clear bright smart wise simple easy quick fast rapid swift speed direct
    open free share shares stock stocks market markets exchange trade trader bank banking insurance credit capital finance fund funds
    trust equity bond bonds asset assets wealth money cash profit growth income industry industries company corporate business office
    management service services product products system systems solution solutions technology network media digital data mobile phone
    call text voice sound music film movie game games sport sports play player team club school college university education learning
    student health medical doctor hospital care drug food foods drink coffee sugar rice grain farm land lands estate property building
    construction road rail train plane airline airport ship shipping transport travel tour hotel hotels resort auto motor motors vehicle
    engine machine tool tools equipment electric electronic chemical chemicals plastic paper glass textile cotton fashion style design
    beauty luxury brand retail store stores shop mall order principal discovery genesis legacy heritage pioneer venture ventures
    explorer navigator compass anchor beacon pilot captain viking titan atlas apollo mercury venus mars jupiter saturn neptune pluto
    zenith pinnacle peak crest ridge cascade progressive dominion public private independent international intercontinental universal
    equinox entity range block square circle triangle snap zoom unity chime equal carrier assurance
"""

_CHINESE = """
    美国 英国 法国 德国 俄国 俄罗斯 日本 韩国 印度 泰国 越南 新加坡 马来西亚 印尼 菲律宾 澳洲 澳大利亚 加拿大 巴西 墨西哥 意大利 西班牙
    荷兰 瑞士 瑞典 欧美 中美 中日 中英 中德 中韩 中俄 东亚 南亚 东南亚 中东 北美 南美 华北 华南 华东 华中 西南 西北 东北 东南
    长江 联合 黄河 珠江 长城 泰山 黄山 华山 太平洋 大西洋 亚洲 欧洲 非洲 美洲 世界 全球 国际 环球 中国 中华 华夏 东方 西方 南方 北方
    中央 中心 中国人 香港 澳门 台湾 大陆 内地 第一 新世界 新时代 时代 新时 未来 明天 今天 希望 和平 平安 太平 安全 健康 长寿 幸福 快乐
    吉祥 如意 成功 胜利 光明 阳光 太阳 月亮 星空 银河 天地 山水 海洋 大海 河流 森林 绿色 蓝色 红色 黄金 白银 钻石 珍珠 水晶 翡翠 金融
    银行 保险 证券 基金 信托 投资 资本 财富 金钱 经济 贸易 商业 工业 农业 制造 科技 技术 电子 信息 网络 数据 智能 数码 通信 通讯 传媒
    文化 教育 医疗 医药 食品 饮料 餐饮 酒店 旅游 航空 航运 物流 运输 铁路 公路 汽车 机械 设备 能源 电力 石油 煤炭 钢铁 化工 建筑 建设
    房地产 地产 物业 管理 服务 发展 创新 先锋 先导 先进 优势 优质 卓越 精英 领先 领导 专业 标准 品质 品牌 时尚 生活 家庭 家园 人民 大众
    大家 公众 国民 社会 城市 农村 方正 方圆 统一 统筹 大同 复兴 振兴 繁荣 昌盛 兴旺 发达 进步 开放 改革 合作 联盟 联通 互联 共同 共享
    团结 友谊 友好 和谐 自由 民主 公正 正义 诚信 信用 信誉 荣誉 永恒 永久 永远 长期 新华 新光 新生 新兴 新星 现代 当代 古典 传统 经典
    艺术 创意 设计 动力 动能 引擎 方向 方案 目标 焦点 视野 远景 前景 机遇 机会 精工 五星 七星 天空 天下 天气 天然 自然 生态 环境 环保
    生物 生命 基因 细胞 海外 国外 国内 全国 全市 全省 市场 行业 产业 企业 公司 集团 控股 股份 实业
    城投 建投 国投 交投
"""

_ENGLISH_WORDS = frozenset(_ENGLISH.split()) | GENERIC_EN | PLACES_EN
_CHINESE_WORDS = frozenset(_CHINESE.split())


_TRADE = re.compile(f"新?(?:{GENERIC_ZH.pattern}|软件|硬件|公司|集团|有限|股份)+")
_LONGEST_WORD = 8
_LEAST_BANK = 3


def is_word(folded: str) -> bool:
    """Whether a folded name without its legal form is a word of the language, a place or the name of a trade."""
    if folded.isascii():
        return folded in _ENGLISH_WORDS or (" " in folded and all(word in PLACES_EN for word in folded.split()))
    if len(folded) > _LONGEST_WORD:
        return False
    return folded in _CHINESE_WORDS or pinyin.is_phrase(folded) or bool(LEADING_PLACE.fullmatch(folded)) or is_trade(folded)


def is_trade(folded: str) -> bool:
    """Whether a Chinese name says nothing but a trade and a form: 软件公司, 科技集团."""
    return len(folded) <= _LONGEST_WORD and _TRADE.fullmatch(folded) is not None


def is_bank(folded: str) -> bool:
    """Whether a Chinese name is that of a trade whose houses are called so: 农业银行 is one bank, not any."""
    return len(folded) > _LEAST_BANK and folded.endswith("银行")
