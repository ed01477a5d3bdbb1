//! Pinyin of names and of other text, for search and for sorting.
//!
//! Syllables are lower case without tone; `ü` is written `v`, as people type it. The readings of single
//! characters come from the crate `pinyin`; what it cannot know, the reading of a character as a surname and
//! the usual reading in given names, is in the tables here (《现代汉语词典》 7th edition, entries marked 姓).

use pinyin::ToPinyin;

use crate::name::{is_han, normalize_name, surname_of};

/// Surnames read otherwise than the character alone. Where both readings are surnames (覃 qín/tán, 乐 yuè/lè,
/// 盖 gě/gài, 宁 níng/nìng), the one with more bearers stands here.
const SURNAME_READINGS: [(&str, &str); 72] = [
    ("单", "shan"),
    ("仇", "qiu"),
    ("解", "xie"),
    ("区", "ou"),
    ("曾", "zeng"),
    ("查", "zha"),
    ("盖", "ge"),
    ("朴", "piao"),
    ("翟", "zhai"),
    ("任", "ren"),
    ("华", "hua"),
    ("乐", "yue"),
    ("尉", "wei"),
    ("宿", "su"),
    ("缪", "miao"),
    ("覃", "qin"),
    ("谌", "chen"),
    ("洗", "xian"),
    ("冼", "xian"),
    ("员", "yun"),
    ("贠", "yun"),
    ("逄", "pang"),
    ("逯", "lu"),
    ("郇", "xun"),
    ("召", "shao"),
    ("折", "she"),
    ("黑", "he"),
    ("秘", "bi"),
    ("繁", "po"),
    ("种", "chong"),
    ("重", "chong"),
    ("祭", "zhai"),
    ("乜", "nie"),
    ("么", "yao"),
    ("隗", "wei"),
    ("褚", "chu"),
    ("莘", "shen"),
    ("訾", "zi"),
    ("仉", "zhang"),
    ("郗", "xi"),
    ("都", "du"),
    ("阚", "kan"),
    ("句", "gou"),
    ("炅", "gui"),
    ("适", "kuo"),
    ("相", "xiang"),
    ("盛", "sheng"),
    ("石", "shi"),
    ("叶", "ye"),
    ("应", "ying"),
    ("晟", "cheng"),
    ("瞿", "qu"),
    ("粘", "nian"),
    ("乘", "sheng"),
    ("强", "qiang"),
    ("隽", "juan"),
    ("圈", "juan"),
    ("难", "ning"),
    ("省", "xing"),
    ("宓", "mi"),
    ("贲", "ben"),
    ("薄", "bo"),
    ("会", "gui"),
    ("能", "nai"),
    ("佴", "nai"),
    ("蔚", "yu"),
    ("哈", "ha"),
    ("车", "che"),
    ("牟", "mou"),
    ("葛", "ge"),
    ("燕", "yan"),
    ("那", "na"),
];

/// Compound surnames with a character that reads otherwise there.
const COMPOUND_READINGS: [(&str, [&str; 2]); 11] = [
    ("尉迟", ["yu", "chi"]),
    ("万俟", ["mo", "qi"]),
    ("澹台", ["tan", "tai"]),
    ("长孙", ["zhang", "sun"]),
    ("令狐", ["ling", "hu"]),
    ("乐正", ["yue", "zheng"]),
    ("宰父", ["zai", "fu"]),
    ("谷梁", ["gu", "liang"]),
    ("亓官", ["qi", "guan"]),
    ("子车", ["zi", "ju"]),
    ("拓跋", ["tuo", "ba"]),
];

/// Usual readings in given names, and in running text, where the single character's first reading differs.
const GIVEN_READINGS: [(char, &str); 19] = [
    ('乐', "le"),
    ('晟', "sheng"),
    ('长', "chang"),
    ('朝', "chao"),
    ('重', "zhong"),
    ('茜', "qian"),
    ('娜', "na"),
    ('莎', "sha"),
    ('行', "xing"),
    ('兴', "xing"),
    ('曾', "zeng"),
    ('尔', "er"),
    ('阿', "a"),
    ('藏', "zang"),
    ('柏', "bai"),
    ('奇', "qi"),
    ('珩', "heng"),
    ('似', "si"),
    ('厦', "xia"),
];

/// Words of medicine, administration and places in which a character reads otherwise than alone.
const PHRASE_INITIALS: [(&str, &str); 38] = [
    ("生长", "SZ"),
    ("增长", "ZZ"),
    ("长大", "ZD"),
    ("长势", "ZS"),
    ("院长", "YZ"),
    ("科长", "KZ"),
    ("局长", "JZ"),
    ("家长", "JZ"),
    ("护士长", "HSZ"),
    ("银行", "YH"),
    ("行列", "HL"),
    ("咯血", "KX"),
    ("人参", "RS"),
    ("丹参", "DS"),
    ("党参", "DS"),
    ("玄参", "XS"),
    ("膀胱", "PG"),
    ("调节", "TJ"),
    ("调整", "TZ"),
    ("调脂", "TZ"),
    ("协调", "XT"),
    ("弹力", "TL"),
    ("弹性", "TX"),
    ("重复", "CF"),
    ("重叠", "CD"),
    ("重建", "CJ"),
    ("重阳", "CY"),
    ("重庆", "CQ"),
    ("双重", "SC"),
    ("校正", "JZ"),
    ("校对", "JD"),
    ("大夫", "DF"),
    ("大厦", "DS"),
    ("着色", "ZS"),
    ("番禺", "PY"),
    ("蔚县", "YX"),
    ("降伏", "XF"),
    ("投降", "TX"),
];

/// Surnames whose bearers say them in two ways: the other initial than the one of the tables above.
const OTHER_INITIALS: [(&str, char); 12] = [
    ("覃", 'T'),
    ("乐", 'L'),
    ("隗", 'K'),
    ("郗", 'C'),
    ("谌", 'S'),
    ("莘", 'X'),
    ("宓", 'F'),
    ("贾", 'G'),
    ("尉", 'Y'),
    ("洗", 'S'),
    ("能", 'N'),
    ("会", 'H'),
];

/// Syllables of a person's name in order; Latin parts stand as they are, lower case. A character without
/// a known reading is left out.
#[must_use]
pub fn pinyin_syllables(name: &str) -> Vec<String> {
    let text = normalize_name(name);
    let surname = surname_of(&text);
    let mut syllables: Vec<String> = Vec::new();
    if let Some((_, readings)) = COMPOUND_READINGS.iter().find(|(s, _)| *s == surname) {
        syllables.extend(readings.iter().map(|s| (*s).to_owned()));
    } else if let Some((_, reading)) = SURNAME_READINGS.iter().find(|(s, _)| *s == surname) {
        syllables.push((*reading).to_owned());
    } else {
        push_syllables(surname, &mut syllables);
    }
    push_syllables(text.get(surname.len()..).unwrap_or_default(), &mut syllables);
    syllables
}

/// All syllables of a name in one word: `欧阳娜娜` → `ouyangnana`.
#[must_use]
pub fn pinyin_full(name: &str) -> String {
    pinyin_syllables(name).concat()
}

/// First letters of the syllables of a name, upper case A–Z: `单雄信` → `SXX`.
#[must_use]
pub fn pinyin_initials(name: &str) -> String {
    initials(&pinyin_syllables(name))
}

/// All first letters that a search may be typed with: [`pinyin_initials`], and a second form for surnames that
/// are read in two ways (覃 qín or tán, 乐 yuè or lè).
#[must_use]
pub fn pinyin_initials_variants(name: &str) -> Vec<String> {
    let usual = pinyin_initials(name);
    let text = normalize_name(name);
    let other =
        OTHER_INITIALS.iter().find(|(surname, _)| *surname == surname_of(&text)).map(|(_, initial)| {
            usual.chars().skip(1).fold(initial.to_string(), |word, c| word + c.encode_utf8(&mut [0; 4]))
        });
    std::iter::once(usual).chain(other).collect()
}

/// First letters for any text, without the surname rules: Latin letters and digits stay, so
/// `2型糖尿病` → `2XTNB`. For searching terms, institutions and addresses.
#[must_use]
pub fn text_initials(text: &str) -> String {
    let text: String = text.chars().map(crate::text::half_width).collect();
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some((phrase, letters)) = PHRASE_INITIALS.iter().find(|(phrase, _)| rest.starts_with(phrase)) {
            out.push_str(letters);
            rest = rest.get(phrase.len()..).unwrap_or_default();
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_uppercase());
        } else if let Some(syllable) = reading(c) {
            out.extend(syllable.chars().next().map(|c| c.to_ascii_uppercase()));
        }
    }
    out
}

fn initials(syllables: &[String]) -> String {
    syllables.iter().filter_map(|s| s.chars().next()).map(|c| c.to_ascii_uppercase()).collect()
}

fn push_syllables(text: &str, syllables: &mut Vec<String>) {
    let mut latin = String::new();
    for c in text.chars() {
        if c.is_ascii_alphabetic() {
            latin.push(c.to_ascii_lowercase());
            continue;
        }
        if !latin.is_empty() {
            syllables.push(std::mem::take(&mut latin));
        }
        syllables.extend(reading(c));
    }
    if !latin.is_empty() {
        syllables.push(latin);
    }
}

fn reading(c: char) -> Option<String> {
    if let Some((_, reading)) = GIVEN_READINGS.iter().find(|(given, _)| *given == c) {
        return Some((*reading).to_owned());
    }
    if !is_han(c) {
        return None;
    }
    // The crate writes 吕 as `lü`; keyboards and search boxes have `v`.
    c.to_pinyin().map(|p| p.plain().replace('ü', "v").replace('ê', "e"))
}
