//! How articles are found: BM25 over pairs of Chinese characters and whole words of other scripts.
//!
//! Chinese is written without spaces, and a word list of a region's hospital systems does not exist. Pairs of neighbouring
//! characters find what a word list would (打印机 by 打印), at the cost of some pairs that are no words, which BM25 weighs little
//! because they are common. Letters are compared without case, full-width forms like half-width ones.

use bm25::{Document, SearchEngineBuilder, Tokenizer};
use std::collections::BTreeSet;

/// Longest text that a search is made with, characters; what is beyond is not looked at.
const LONGEST_QUERY: usize = 400;
/// An article about the same item of the contract is more likely meant.
const SAME_ITEM: f32 = 1.25;
/// Of the query's different tokens, at least this share must be in the article: one shared pair of characters is chance.
const LEAST_SHARE: f32 = 0.3;
/// The title says what an article is about, so it counts this often.
const TITLE_WEIGHT: usize = 3;

/// An article as the search sees it.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub title: String,
    /// Symptom, tags, cause and solution.
    pub body: String,
    pub item_codes: Vec<String>,
}

/// One found article: its place among the candidates, and what of the query it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub index: usize,
    pub score: f32,
    pub matched: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pairs;

impl Tokenizer for Pairs {
    fn tokenize(&self, text: &str) -> Vec<String> {
        tokens(text)
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// Full-width letters and digits as half-width ones, in lower case.
fn folded(c: char) -> impl Iterator<Item = char> {
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    };
    narrow.to_lowercase()
}

/// Pairs of neighbouring Chinese characters (a single one alone), and words of letters and digits.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut han: Vec<char> = Vec::new();
    let mut word = String::new();
    let flush_han = |han: &mut Vec<char>, found: &mut Vec<String>| {
        match han.as_slice() {
            [] => {}
            [one] => found.push(one.to_string()),
            many => found.extend(many.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
        han.clear();
    };
    for c in text.chars().flat_map(folded) {
        if is_han(c) {
            if !word.is_empty() {
                found.push(std::mem::take(&mut word));
            }
            han.push(c);
        } else {
            flush_han(&mut han, &mut found);
            if c.is_alphanumeric() {
                word.push(c);
            } else if !word.is_empty() {
                found.push(std::mem::take(&mut word));
            }
        }
    }
    flush_han(&mut han, &mut found);
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// The candidates that answer a query, best first, at most `limit`.
pub fn search(candidates: &[Candidate], query: &str, item_code: Option<&str>, limit: usize) -> Vec<Hit> {
    let query: String = query.chars().take(LONGEST_QUERY).collect();
    let wanted: BTreeSet<String> = tokens(&query).into_iter().collect();
    if wanted.is_empty() || candidates.is_empty() {
        return Vec::new();
    }
    let documents: Vec<Document<usize>> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let mut contents = format!("{}\n", candidate.title).repeat(TITLE_WEIGHT);
            contents.push_str(&candidate.body);
            Document::new(index, contents)
        })
        .collect();
    let engine =
        SearchEngineBuilder::<usize, u32, Pairs>::with_tokenizer_and_documents(Pairs, documents).build();
    let mut hits: Vec<Hit> = engine
        .search(&query, None)
        .into_iter()
        .filter_map(|result| {
            let index = result.document.id;
            let candidate = candidates.get(index)?;
            let text: String = result.document.contents.chars().flat_map(folded).collect();
            let mut words = None;
            let matched: Vec<String> = wanted
                .iter()
                .filter(|token| {
                    // A pair of characters is found as it stands; a word only as a whole.
                    text.contains(token.as_str())
                        && (token.chars().all(is_han)
                            || words
                                .get_or_insert_with(|| tokens(&text).into_iter().collect::<BTreeSet<_>>())
                                .contains(*token))
                })
                .cloned()
                .collect();
            #[allow(clippy::cast_precision_loss, reason = "counts of tokens of a short text")]
            let share = matched.len() as f32 / wanted.len() as f32;
            let same = item_code.is_some_and(|code| candidate.item_codes.iter().any(|known| known == code));
            let score = result.score * if same { SAME_ITEM } else { 1.0 };
            (share >= LEAST_SHARE).then_some(Hit { index, score, matched })
        })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
    hits.truncate(limit);
    hits
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn chinese_is_cut_into_pairs_and_other_scripts_into_words() {
        assert_eq!(tokens("打印机离线"), ["打印", "印机", "机离", "离线"]);
        assert_eq!(tokens("ＨＩＳ登录失败 code=E-17"), ["his", "登录", "录失", "失败", "code", "e", "17"]);
        assert_eq!(tokens("慢，卡"), ["慢", "卡"]);
        assert!(tokens(" ，。! ").is_empty());
    }

    fn article(title: &str, body: &str, item: &str) -> Candidate {
        Candidate { title: title.into(), body: body.into(), item_codes: vec![item.into()] }
    }

    #[test]
    fn the_article_about_it_comes_first_and_one_that_shares_a_pair_by_chance_does_not_come() {
        let all = [
            article("电子病历打不开模板", "模板服务未启动，重启模板服务", "emr"),
            article("心电报告打印不出来", "打印机离线或默认打印机选错：重新选择打印机", "ecg"),
            article("视频会诊没有声音", "麦克风被系统静音", "video"),
            article("护理记录打印空白", "浏览器打印缩放设为 100%", "nursing"),
        ];
        let found = search(&all, "报告打印不出来", None, 10);
        assert_eq!(found.iter().map(|hit| hit.index).collect::<Vec<_>>(), [1], "{found:?}");
        assert!(found[0].matched.contains(&"打印".to_owned()));
        let found = search(&all, "打印", None, 10);
        assert_eq!(found.iter().map(|hit| hit.index).collect::<BTreeSet<_>>(), BTreeSet::from([1, 3]));
        // The same item of the contract decides between articles that are otherwise alike.
        assert_eq!(search(&all, "打印", Some("nursing"), 1)[0].index, 3);
        assert!(search(&all, "血糖仪", None, 10).is_empty());
        assert!(search(&all, "", None, 10).is_empty());
    }
}
