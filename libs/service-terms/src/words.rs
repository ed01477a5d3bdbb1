//! Steps of derivations in Chinese: the fixed phrases are replaced, numbers, dates and codes stay as they are.
//!
//! A phrase that is new in a step gets a line here; a test takes every rule through its cases and refuses Latin words that are
//! left.

/// English and Chinese, a phrase before any that it contains.
const PHRASES: &[(&str, &str)] = &[
    ("no connected institution can do its core business", "所有接入机构均无法开展核心业务"),
    ("several institutions cannot do their core business", "多个机构无法开展核心业务"),
    ("one institution cannot do its core business", "一个机构无法开展核心业务"),
    ("city-wide data were harmed in bulk", "全市数据被批量损害"),
    ("data of several institutions were harmed", "多个机构的数据受到损害"),
    ("data of one institution were harmed", "一个机构的数据受到损害"),
    ("the impact is especially serious", "影响特别严重"),
    ("the impact is fairly serious", "影响较为严重"),
    ("the impact is serious", "影响严重"),
    ("some threat or impact, none of the above", "有一定威胁或影响，不属于以上情形"),
    ("S4: the text names no fine", "S4：合同未规定罚款"),
    (
        "the section fines software subsystems only: nothing is computed, the amount is negotiated",
        "本节只对软件子系统计罚：不作计算，金额由双方协商",
    ),
    ("starts with the earliest evidence, ", "自最早证据起算："),
    ("restore by ", "恢复期限 "),
    (", report by ", "，报告期限 "),
    ("late: plus ", "超时：加 "),
    ("late: × ", "超时：× "),
    ("penalty = ", "违约金 = "),
    (" is outside working time: ", " 属非工作时间："),
    (" is working time: ", " 属工作时间："),
    (" minutes, until ", " 分钟，至 "),
    ("answered after ", "响应用时 "),
    (": on time", "：按时"),
    (": in time", "：按时"),
    (": late", "：超时"),
    ("the agreed deadline ", "以约定期限 "),
    (" counts", " 为准"),
    (" is at least ", " 达到 "),
    (" is below ", " 低于 "),
    (" (the day of the event is not counted, Civil Code 201)", "（当日不计入，民法典第201条）"),
    (" is off, so the last day is ", " 为休息日，顺延至 "),
    (" (Civil Code 203)", "（民法典第203条）"),
    (" is a working day", " 为工作日"),
    ("excused: no penalty", "免责：不计违约金"),
    ("excused: nothing is due", "免责：无应付"),
    ("the cap is reached: party A may terminate", "已达上限：甲方有权解除合同"),
    ("below the cap", "未达上限"),
    ("cap = ", "上限 = "),
    (" × 1 days", " × 1 天"),
    ("interest ", "利息 "),
    ("penalty ", "违约金 "),
    (", at most ", "，以 "),
    (": payable ", " 为限：应付 "),
    ("grave ground: everything is paid back", "重大事由：全额退还"),
    ("paid ", "已付 "),
    (" - payable ", " - 应付 "),
    (": refund ", "：应退 "),
    (", still due ", "，尚欠 "),
    ("the parties agree on the amount; losses come on top", "金额由双方协商；损失另计"),
    ("no feedback until then: late", "至此未反馈：超时"),
    ("the feedback came in time", "按时反馈"),
    ("it was over before: no feedback is late", "此前已了结：不构成反馈超时"),
    ("this has not passed", "尚未到期"),
    ("no date that both agreed on: no delay", "没有双方约定的日期：不构成逾期"),
    ("; business affected: ", "；影响业务："),
    ("business affected: ", "影响业务："),
    (", chosen between ", "，在以下范围内选定："),
    ("between ", "范围："),
    (": a person must choose", "，须人工选定"),
    (" and ", " 与 "),
    ("due ", "上报期限 "),
    (", warnings on ", "，预警日 "),
    (" days off by calendar ", " 个休息日，日历 "),
    ("notice: ", "通知："),
    ("certificate: ", "证明："),
    ("either may end it from ", "任一方可解除，自 "),
    ("return by ", "返还期限 "),
    ("confidential until ", "保密至 "),
    ("submit by ", "提交期限 "),
    ("filed by ", "备案期限 "),
    (", working day ", "，工作日 "),
    ("refused: served when sent", "拒收：寄出即视为送达"),
    ("signed for", "已签收"),
    ("more than 1,000,000 users, or such a sector", "注册用户超过100万，或属所列行业"),
    (" inspections", " 次巡检"),
    (" to its 24:00, as both parties agreed", " 24:00 止，双方约定"),
    (", as the parties negotiated", "，双方协商"),
    (" working days", " 个工作日"),
    (" days", " 天"),
    (" year", " 年"),
    (" of ", "，时限 "),
    (" to ", " 至 "),
    ("amount = ", "金额 = "),
    ("net = ", "未税 = "),
    ("vat = ", "税额 = "),
    ("max(", "取大("),
    ("total ", "合计 "),
    ("none", "无"),
    (" h: ", " 小时："),
    (" h = ", " 小时 = "),
    (" h：", " 小时："),
    (" h", " 小时"),
];

/// A step, or the value of a reading, in Chinese.
pub fn chinese(step: &str) -> String {
    PHRASES.iter().fold(step.to_owned(), |text, (english, chinese)| text.replace(english, chinese))
}

#[cfg(test)]
mod tests {
    use crate::{CaseFile, Contract, evaluate, words::chinese};
    use cn_calendar::Calendar;

    #[test]
    fn every_step_of_the_examples_is_said_in_chinese() {
        let text = include_str!("../../../definitions/contracts/liyang-2024-examples.json");
        let file: CaseFile = serde_json::from_str(text).unwrap();
        let (contract, calendar) = (Contract::liyang_2024().unwrap(), Calendar::builtin().unwrap());
        let mut left = Vec::new();
        let mut steps = 0;
        for case in &file.cases {
            for step in evaluate(&contract, &calendar, case).unwrap().derivation.steps {
                steps += 1;
                let said = chinese(&step);
                // Dates carry a T, severities an S, the calendar's name is a code, a ledger names its rules.
                let word = said
                    .split(|c: char| !c.is_ascii_alphabetic())
                    .find(|word| word.len() > 1 && !matches!(*word, "cn"));
                if word.is_some() && case.rule != "ledger" {
                    left.push(format!("{step} → {said}"));
                }
            }
        }
        assert!(steps > 30, "{steps} steps");
        assert!(left.is_empty(), "{left:#?}");
    }
}
