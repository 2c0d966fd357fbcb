"""Words that company names are made of besides the company's own: places, trades, abbreviations (folded, simplified)."""

import re

_PLACES_ZH = """
    北京 天津 上海 重庆 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 四川 贵州 云南
    西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城
    朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州
    营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 延边 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯
    七台河 牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 江阴 昆山 张家港 常熟 太仓 宜兴 杭州
    宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 余姚 慈溪 诸暨 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州
    六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南
    青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河
    三门峡 南阳 商丘 信阳 周口 驻马店 济源 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳
    岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞
    中山 潮州 揭阳 云浮 顺德 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 儋州 成都 自贡 攀枝花
    泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 玉溪 保山 昭通
    丽江 普洱 临沧 大理 拉萨 日喀则 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉
    庆阳 定西 陇南 西宁 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密 石河子 台北 新北 桃园 台中 台南 高雄 新竹 九龙 新界
"""

_GENERIC_ZH = """
    创业投资 股权投资 资产管理 新材料 微电子 进出口 新能源 自动化 房地产 供应链 半导体 互联网 物联网 农业 制药 国际 建筑 印刷 设计 设备
    汽车 管理 机电 包装 金融 能源 地产 玩具 旅游 置业 生物 化学 网络 智能 产业 财务 环境 智慧 资源 餐饮 通信 基金 光电 信息 证券 服饰
    开发 文化 重工 银行 保险 咨询 医药 塑胶 系统 环保 药业 软件 装饰 材料 装备 顾问 电子 健康 工程 数据 化工 食品 医疗 投资 实业 钟表
    教育 高新 控股 传媒 企业 贸易 建设 珠宝 电气 集团 科技 发展 物流 资本 商务 机械 五金 矿业 信托 电器 服务 工业 制造 商业 技术 电力
    动力 纺织
"""

_GENERIC_EN = """
    international global world asia asian pacific far east enterprises holdings group company corporation investment industrial
    industries technology development trading properties services resources energy capital finance financial securities engineering
    construction electronics electronic pharmaceutical medical medicine healthcare health biotechnology biotech biological materials
    material science new advanced manufacturing management media education logistics environmental protection power chemical equipment
    machinery electric electrical bank insurance real estate trust special steel digital information network software food water gas auto
    automobile automotive home products product systems system solutions modern smart intelligent high tourism entertainment culture
    cultural communication transportation transport precision optical battery semiconductor microelectronics
"""

_PLACES_EN = """
    china chinese hong kong macau taiwan beijing tianjin shanghai chongqing hebei shanxi shaanxi liaoning jilin heilongjiang jiangsu
    zhejiang anhui fujian jiangxi shandong henan hubei hunan guangdong guangxi hainan sichuan guizhou yunnan tibet gansu qinghai ningxia
    xinjiang inner mongolia guangzhou shenzhen zhuhai foshan dongguan zhongshan huizhou shantou nanjing suzhou wuxi changzhou nantong
    yangzhou hangzhou ningbo wenzhou jiaxing shaoxing hefei fuzhou xiamen quanzhou nanchang jinan qingdao yantai weihai zhengzhou luoyang
    wuhan changsha nanning kunming guiyang chengdu xian lanzhou urumqi shenyang dalian changchun harbin shijiazhuang tangshan taiyuan
    haikou taipei kowloon cayman bermuda singapore usa uk
"""

_ABBREVIATIONS = """
    international: intl
    holdings: hldg hldgs holding
    group: grp gp
    technology: tech technologies
    development: dev develop devt developments
    industries: ind inds industry
    industrial: indl
    investment: inv invest investments
    manufacturing: mfg
    manufactory: mfy
    enterprises: ent enterprise
    pharmaceutical: pharm pharma pharmaceuticals
    engineering: eng engg
    financial: fin
    properties: prop ppt ppty property
    services: svc service
    securities: sec
    environmental: env
    management: mgmt
    electronics: elec
    medical: med
    education: edu
    chemical: chem
    construction: const constr
    resources: res
    hong kong: hk hongkong
    hospital: hosp
    center: centre
    machinery: mach
    equipment: equip
"""


def _alternatives(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


LEADING_PLACE = re.compile(rf"(?:中国|(?:{_alternatives(_PLACES_ZH)})(?:特别行政区|壮族自治区|维吾尔自治区|回族自治区|自治区|省|市)?)")
"""One place at the start of a folded Chinese name, with its administrative word: 浙江省, 深圳市, 中国."""

GENERIC_ZH = re.compile(_alternatives(_GENERIC_ZH))
"""Chinese words that say what a company does or is, and not which one it is."""

GENERIC_EN = frozenset(_GENERIC_EN.split())
"""The same for English, after `ABBREVIATIONS` were written out."""

PLACES_EN = frozenset(_PLACES_EN.split())
"""Places, as single words, that English names carry before or behind the company's own part."""

ABBREVIATIONS = {
    short: full
    for full, _, shorts in (line.strip().partition(": ") for line in _ABBREVIATIONS.strip().splitlines())
    for short in shorts.split()
}
"""Short forms that lists of companies use, to the word written out; words that vary between sources (technologies) are made one."""
