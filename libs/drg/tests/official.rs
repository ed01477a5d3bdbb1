//! The published workbook's layout: a small plan in it, with the traps of the real one.

use drg::official::{Head, Sheet, Workbook, import, translate};
use drg::{Plan, Record, Sex, Status};

#[test]
fn published_rules_are_translated_word_by_word() {
    for (published, ours) in [
        ("", "always"),
        ("1", "always"),
        ("ZYZD in DI_B00", "main-dx DI_B00"),
        ("{ZYSS,QTSS} in {OP_B1,OP_B2} AND NL>=70", "(any-px OP_B1,OP_B2 and age>=70)"),
        ("{QTZD} in {MCC,CC}", "(mcc or cc)"),
        ("QTZD in MCC or XB=2", "(mcc or sex=2)"),
        ("ZYSS not in OP_ALL", "not main-px OP_ALL"),
        ("not (XSRTL<29 and XSRTZ≥1500)", "not (age-days<29 and weight>=1500)"),
        ("length(OP_I ∩ {ZYSS,QTSS})>=2", "count-px>=2:OP_I"),
        ("ZYZD in A or ZYZD in B and QTZD in C", "(main-dx A or (main-dx B and other-dx C))"),
    ] {
        assert_eq!(translate(published).as_deref(), Ok(ours), "{published}");
    }
    for bad in
        ["ZYZD", "ZYZD in", "{ZYZD,ZYSS} in A", "NL>x", "ZYZD in A)", "{ZYZD in A", "XX in A", "ZYZD # A"]
    {
        assert!(translate(bad).is_err(), "{bad}");
    }
}

fn sheet(text: &str) -> Sheet {
    text.lines().map(|line| line.trim().split('|').map(str::to_owned).collect()).collect()
}

#[test]
fn a_published_workbook_becomes_a_plan() {
    let book = Workbook {
        // A title above the header, and the catch-all MDC last.
        mdc: sheet("分组方案配置信息\nMDC编码|MDC名称|MDC规则|排序\nMDCO|妊娠|ZYZD in DI_O|1\n0000|兜底||27"),
        // The catch-all O00 is numbered before OZ1, as in the published file; a column stands empty in front.
        adrg: sheet(
            "|ADRG编码|ADRG名称|ADRG规则|所属MDC编码|MDC内排序\n|OB1|剖宫产|{ZYSS,QTSS} in OP_O_x000D_|MDCO|1\n\
             |OQY|歧义|ZYSS in OP_ALL and XSRTL>=29|MDCO|2\n|O00|兜底||MDCO|3\n|OZ1|其他|ZYZD in DI_OZ|MDCO|4",
        ),
        drg: sheet(
            "DRG|DRG名称|DRG规则|所属ADRG编码|所属MDC编码|排序\nOB15|剖宫产||OB1|MDCO|1\n\
             OB11|剖宫产，伴MCC|QTZD in MCC|OB1|MDCO|2\nO000|兜底||O00|MDCO|1\nOZ19|其他||OZ1|MDCO|1",
        ),
        sets: sheet(
            "集合编号|ICD编码|ICD名称|类型编号\nDI_O|O80.000||\nDI_O|O99.000||\nDI_OZ|O99.000||\nOP_O|74.1x00||\n\
             OP_ALL|74.1x00||\nOP_ALL|81.5100||",
        ),
        complications: sheet(
            "疾病编码|疾病名称|排除表|类型\nJ96.000||表6-5-2|MCC\nI50.900||表6-5-1|MCC\nE11.900|||CC",
        ),
        exclusions: sheet("集合编号|ICD编码|ICD名称\n表6-5-1|O80.000|"),
    };
    let head = Head {
        name: "t",
        title: "t",
        edition: "3.0",
        in_force: "2026-09-09",
        source: "s",
        licence: "l",
        codes: "c",
    };
    let text = import(&book, head).unwrap();
    let codes = drg::codes::CodeBook { name: "c".into(), ..Default::default() };
    let plan = Plan::parse(&text, &codes).unwrap();
    let group = |dx: &[&str], px: &[&str]| {
        let outcome = plan.group(&Record {
            sex: Some(Sex::Female),
            age_years: Some(30),
            age_days: Some(11_000),
            diagnoses: dx,
            procedures: px,
            ..Record::default()
        });
        (outcome.status, outcome.drg.to_owned())
    };
    let grouped = |drg: &str| (Status::Grouped, drg.to_owned());
    assert_eq!(group(&["O80.000"], &["74.1x00"]), grouped("OB15"));
    // The unconditional OB15 is numbered first and still asked last.
    assert_eq!(group(&["O80.000", "J96.000"], &["74.1x00"]), grouped("OB11"));
    // Table 6-5-1 excludes heart failure beside O80.000.
    assert_eq!(group(&["O80.000", "I50.900"], &["74.1x00"]), grouped("OB15"));
    assert_eq!(group(&["O80.000"], &["81.5100"]), (Status::Ambiguous, "OQY".to_owned()));
    assert_eq!(group(&["O99.000"], &[]), grouped("OZ19"));
    assert_eq!(group(&["O80.000"], &[]).0, Status::Ungrouped);
    let broken = Workbook { adrg: sheet("编码|名称\nOB1|x"), ..book };
    assert!(import(&broken, head).unwrap_err().contains("sheet ADRG"));
}
