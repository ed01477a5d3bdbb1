//! Names of persons: normal form, surname, and names of several parts joined by the dot `·`.

use crate::error::IdError;
use crate::text::half_width;

/// Longest name that the police register holds with its dots.
const NAME_LIMIT: usize = 50;

/// Surnames of two characters, those of the Hundred Family Surnames and those borne by thousands today.
/// Pairs whose first character is itself a common surname and whose pair is rare (段干, 左丘, 东郭) are left
/// out: 段干 is more often a given name of a 段 than the old surname.
pub const COMPOUND_SURNAMES: [&str; 62] = [
    "欧阳", "上官", "司马", "司徒", "司空", "诸葛", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "尉迟",
    "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离",
    "长孙", "宇文", "鲜于", "闾丘", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正",
    "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "百里", "呼延", "羊舌", "微生", "梁丘", "西门", "南门",
    "第五", "太史", "端木", "子车", "达奚", "褚师", "纳兰", "东里", "即墨", "叶赫",
];

/// A name in its normal form: no white space between Han characters, every form of the dot is U+00B7.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonName {
    text: String,
    surname_bytes: usize,
}

impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonName({})", crate::mask::mask_name(&self.text))
    }
}

impl PersonName {
    /// Reads Han names, Han names with dots, and Latin names (letters, spaces, hyphen, apostrophe, full stop).
    ///
    /// # Errors
    /// Empty, a digit or other mark, one character only, or more than 50 characters.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize_name(input);
        let count = text.chars().count();
        if count == 0 {
            return Err(IdError::Empty);
        }
        if let Some((index, found)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            return Err(IdError::Character { found, position: index + 1 });
        }
        // A dot stands between two parts, never at an end or beside another.
        let lone_dot = text.split('·').any(str::is_empty);
        if lone_dot {
            let position = text.chars().position(|c| c == '·').unwrap_or(0) + 1;
            return Err(IdError::Character { found: '·', position });
        }
        if count < 2 {
            return Err(IdError::NameTooShort);
        }
        if count > NAME_LIMIT {
            return Err(IdError::NameTooLong(NAME_LIMIT));
        }
        let surname_bytes = surname_of(&text).len();
        Ok(Self { text, surname_bytes })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The surname of a Han name without dot. A name with dots (Uyghur, Tibetan, Yi and others) has none: its
    /// first part is the own name, the second often the father's. A Latin name has none either.
    #[must_use]
    pub fn surname(&self) -> Option<&str> {
        self.text.get(..self.surname_bytes).filter(|s| !s.is_empty())
    }

    /// What follows the surname, or the whole name where there is no surname.
    #[must_use]
    pub fn given_name(&self) -> &str {
        self.text.get(self.surname_bytes..).unwrap_or_default()
    }

    /// Whether the name has parts joined by a dot.
    #[must_use]
    pub fn has_dot(&self) -> bool {
        self.text.contains('·')
    }
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' | '\u{3007}')
}

fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '∙' | '⋅' | '・' | '\u{ff65}' | '﹒' | '●' | '。' | '\u{2e31}')
}

fn allowed(c: char) -> bool {
    is_han(c)
        || c == '·'
        || c.is_ascii_alphabetic()
        || matches!(c, ' ' | '-' | '\'' | '.')
        || ('\u{c0}'..='\u{24f}').contains(&c) && c.is_alphabetic()
}

/// Dots become U+00B7, white space goes between Han characters and is single elsewhere.
pub(crate) fn normalize_name(input: &str) -> String {
    let mut chars: Vec<char> = Vec::new();
    for c in input.chars().take(256).map(half_width) {
        let c = if is_dot(c) {
            '·'
        } else if c.is_whitespace() {
            ' '
        } else {
            c
        };
        let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
        let repeated_space = c == ' ' && chars.last().is_none_or(|last| *last == ' ');
        if !invisible && !repeated_space {
            chars.push(c);
        }
    }
    while chars.last() == Some(&' ') {
        chars.pop();
    }
    let has_han = chars.iter().any(|c| is_han(*c));
    if has_han {
        // A full stop between Han characters is a dot that a keyboard without `·` gave.
        chars.into_iter().filter(|c| *c != ' ').map(|c| if c == '.' { '·' } else { c }).collect()
    } else {
        chars.into_iter().collect()
    }
}

/// The surname of a name in normal form: two characters when the pair is a compound surname and a given name
/// follows, one character else; nothing for names with dots or Latin letters.
pub(crate) fn surname_of(text: &str) -> &str {
    if text.contains('·') || !text.chars().all(is_han) {
        return "";
    }
    let compound = COMPOUND_SURNAMES.iter().find(|s| text.starts_with(**s) && text.len() > s.len());
    let first_len = text.chars().next().map_or(0, char::len_utf8);
    let length = compound.map_or(first_len, |s| s.len());
    text.get(..length).unwrap_or_default()
}
