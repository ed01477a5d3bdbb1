//! What came to the mailbox this morning: a letter from somebody who is known, two from strangers, and a program's own.

use kernel::{AccountId, Result, Timestamp};
use platform::Platform;
use ports::notify::{Letter, Letters};
use std::time::Duration;

/// Identifier, minutes ago, address, name, known, subject, text, automatic.
type Story = (&'static str, u64, &'static str, &'static str, bool, &'static str, &'static str, bool);

const LETTERS: [Story; 4] = [
    (
        "demo-1@liyang.example",
        95,
        "xinxike@rmyy.example",
        "信息科",
        true,
        "心电图室二号机房采集不到导联",
        "您好，\n心电图室二号机今早开机后 V4、V5 导联一直显示脱落，换过电极片仍一样。请安排工程师。\n溧阳市人民医院信息科",
        false,
    ),
    (
        "demo-2@liyang.example",
        38,
        "wangfang@163.example",
        "王芳",
        false,
        "远程会诊看不到对方画面",
        "我是天目湖镇卫生院的王芳，刚才会诊时能听到声音，看不到县医院的画面，麻烦帮忙看一下，电话 13800000000。",
        false,
    ),
    (
        "demo-3@liyang.example",
        21,
        "sales@advert.example",
        "某某培训中心",
        false,
        "2026年医疗信息化高级研修班邀请函",
        "尊敬的领导：诚邀您参加……",
        false,
    ),
    (
        "demo-4@liyang.example",
        12,
        "zhaolei@wjj.example",
        "赵磊",
        false,
        "自动回复：外出开会",
        "您好，我今天外出开会，明天回复您的邮件。",
        true,
    ),
];

/// Hands them over as the mailbox would, each at its moment.
pub async fn play(
    platform: &Platform,
    letters: &dyn Letters,
    known: AccountId,
    now: Timestamp,
) -> Result<()> {
    for (id, minutes, from, name, is_known, subject, text, automatic) in LETTERS {
        let received_at = now.minus(Duration::from_secs(minutes * 60));
        platform.clock().set(received_at);
        letters
            .take(Letter {
                id: id.to_owned(),
                received_at,
                from: from.to_owned(),
                from_name: Some(name.to_owned()),
                account: is_known.then_some(known),
                subject: subject.to_owned(),
                text: text.to_owned(),
                files: Vec::new(),
                left_out: Vec::new(),
                automatic,
            })
            .await?;
    }
    platform.clock().set(now);
    Ok(())
}
