//! How long a search of the knowledge base takes, beside looking for the query as it stands (what `LIKE` does).
//!
//!     cargo run --release -p service-desk --example knowledge_search

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "a program that prints figures")]

use service_desk::knowledge::ranking::{Candidate, search};
use std::time::{Duration, Instant};

const WORDS: [&str; 24] = [
    "打印机",
    "离线",
    "心电",
    "报告",
    "上传",
    "失败",
    "网络",
    "超时",
    "登录",
    "账号",
    "权限",
    "病案",
    "首页",
    "归档",
    "质控",
    "导出",
    "乱码",
    "视频",
    "声音",
    "麦克风",
    "磁盘",
    "告警",
    "护理",
    "体温单",
];

/// About `length` words in an order that repeats from run to run.
fn text(seed: usize, length: usize) -> String {
    (0..length).map(|n| WORDS[(seed * 7 + n * (seed % 11 + 1)) % WORDS.len()]).collect()
}

fn fastest(mut run: impl FnMut() -> usize) -> (Duration, usize) {
    let mut best = (Duration::MAX, 0);
    for _ in 0..7 {
        let started = Instant::now();
        let found = run();
        best = best.min((started.elapsed(), found));
    }
    best
}

fn main() {
    for count in [500, 2_000] {
        let articles: Vec<Candidate> = (0..count)
            .map(|n| Candidate {
                title: format!("{}{n}", text(n, 4)),
                body: text(n + 3, 120),
                item_codes: vec!["ecg".into()],
            })
            .collect();
        let query = "报告打印不出来，提示打印机离线";
        let (ranked, found) = fastest(|| search(&articles, query, Some("ecg"), 20).len());
        let (plain, same) =
            fastest(|| articles.iter().filter(|a| a.title.contains(query) || a.body.contains(query)).count());
        println!(
            "{count} articles of 360 characters: ranked {ranked:?} ({found} found), as it stands {plain:?} ({same} found)"
        );
    }
}
