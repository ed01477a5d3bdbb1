//! What the desk has learned: articles that one engineer wrote and the lead published, one that is waiting and one that readers
//! found wanting.

use crate::internal;
use crate::service::Cast;
use kernel::{KnowledgeArticleId, Result, Timestamp};
use platform::Ctx;
use service_desk::ServiceDesk;
use service_desk::knowledge::wire::{ArticleInput, Audience, Step};
use std::collections::HashMap;
use std::time::Duration;

const HOUR: u64 = 3600;

struct Known {
    item_code: &'static str,
    /// As the ticket's title says it, where there is such a story.
    title: &'static str,
    audience: Audience,
    tags: &'static [&'static str],
    symptom: &'static str,
    cause: &'static str,
    solution: &'static str,
}

const ARTICLES: [Known; 9] = [
    Known {
        item_code: "ecg",
        title: "如何补打心电报告",
        audience: Audience::Everybody,
        tags: &["打印", "补打", "重打"],
        symptom: "报告已发布，纸质报告丢失或没有打印，需要再打印一份，或需要打印更正前的版本。",
        cause: "",
        solution: "1. 打开“区域心电 › 检查列表”，按姓名或日期找到检查。\n2. 打开检查，点“报告 PDF”。\n3. 需要旧版本时，在“版本”里选择后再打印。\n4. 打印机选 A4，缩放选“实际大小”，否则心电图的毫米不准。",
    },
    Known {
        item_code: "ecg",
        title: "心电图机上传失败",
        audience: Audience::Everybody,
        tags: &["上传", "超时", "网线"],
        symptom: "采集完成后提示网络超时或无法连接，列表里看不到这次检查。",
        cause: "多为网线松动，或更换网络后设备仍用旧地址。",
        solution: "1. 看心电图机网口指示灯；不亮就重新插紧网线或换一根。\n2. 用同一网口接电脑，能打开本系统说明网络正常。\n3. 在设备“网络设置”里核对服务器地址。\n4. 数据不会丢：网络恢复后在设备里选“未上传”，重新上传。\n5. 仍失败请报障，写明设备编号与提示文字。",
    },
    Known {
        item_code: "ecg",
        title: "报告列表打开很慢",
        audience: Audience::Everybody,
        tags: &["慢", "卡", "浏览器"],
        symptom: "上午高峰期打开检查列表要十几秒，其他网页正常。",
        cause: "浏览器版本过旧，或日期范围选得过大。",
        solution: "1. 在地址栏输入 chrome://version，低于 109 请升级。\n2. 把日期范围缩小到一个月。\n3. 仍慢请报障，写明时间，服务商会查看当时的服务器记录。",
    },
    Known {
        item_code: "medical_records",
        title: "病案首页无法归档",
        audience: Audience::Everybody,
        tags: &["归档", "必填", "首页"],
        symptom: "点归档时提示缺少主要诊断或某项为空。",
        cause: "首页必填项没有填全。",
        solution: "1. 按提示补录缺少的项目；红色标记的都是必填。\n2. 主要诊断须有编码，只写名称不能归档。\n3. 补录后先保存，再归档。",
    },
    Known {
        item_code: "emr_quality",
        title: "质控报表导出乱码",
        audience: Audience::Everybody,
        tags: &["导出", "乱码", "Excel"],
        symptom: "导出的 CSV 用 Excel 打开，中文显示为乱码。",
        cause: "旧版 Excel 不按 UTF-8 打开 CSV。",
        solution: "1. 不要双击打开：在 Excel 里选“数据 › 自文本”，编码选 UTF-8。\n2. 或用 WPS 打开。\n3. 系统已升级为带标记的 UTF-8，重新导出即可。",
    },
    Known {
        item_code: "nursing",
        title: "护理单打印缺页",
        audience: Audience::Everybody,
        tags: &["打印", "缺页", "模板"],
        symptom: "护理记录单只打印出第一页，预览里第二页是空白。",
        cause: "浏览器打印时选了“适合页面”，或模板版本旧。",
        solution: "1. 打印时缩放选“默认”，页边距选“无”。\n2. 刷新页面后再打印。\n3. 仍缺页请报障，附上预览截图。",
    },
    Known {
        item_code: "video",
        title: "视频会诊没有声音",
        audience: Audience::Everybody,
        tags: &["声音", "麦克风", "摄像头"],
        symptom: "能看到对方画面，但对方听不到声音，或自己听不到对方。",
        cause: "浏览器没有麦克风权限，或会议终端被静音。",
        solution: "1. 看会议终端的静音灯，红灯亮请按一下。\n2. 点浏览器地址栏左侧的锁，把麦克风改为“允许”，刷新页面。\n3. 会前十分钟请在“设备检测”里试音。",
    },
    Known {
        item_code: "cloud",
        title: "虚拟机磁盘告警",
        audience: Audience::Provider,
        tags: &["磁盘", "扩容", "日志"],
        symptom: "监控显示虚拟机磁盘使用率超过 90%。",
        cause: "日志增长，或备份文件留在本机。",
        solution: "1. 确认是数据盘还是系统盘；系统盘先清理 /var/log 与临时文件，勿删数据库文件。\n2. 备份文件移到对象存储后再清理。\n3. 需要扩容时按变更流程申请，扩容后在线扩展分区。\n4. 记录使用率曲线，一周后复查。",
    },
    Known {
        item_code: "ecg",
        title: "危急值如何标记",
        audience: Audience::Everybody,
        tags: &["危急值", "标记"],
        symptom: "判读时发现危急值，不知道在哪里标记、通知谁。",
        cause: "",
        solution: "1. 判读页按提示标记危急值，系统会列出依据。\n2. 电话通知送检机构，填写接听人与时间。\n3. 完成后签名；没有登记通知的危急值会留在工作台顶部。",
    },
];

/// Writes and publishes the articles; the last waits for its reviewer. Returns the published ones by title.
pub async fn play(
    desk: &ServiceDesk,
    cast: &Cast,
    begin: Timestamp,
) -> Result<HashMap<&'static str, KnowledgeArticleId>> {
    let clock = cast.lead.platform().clock();
    let mut published = HashMap::new();
    let last = ARTICLES.len().saturating_sub(1);
    for (n, known) in ARTICLES.iter().enumerate() {
        let hours = u64::try_from(n).unwrap_or_default();
        clock.set(begin.plus(Duration::from_secs(hours * 2 * HOUR)));
        let author = author(cast, n)?;
        let input = ArticleInput {
            title: known.title.to_owned(),
            audience: known.audience,
            item_codes: vec![known.item_code.to_owned()],
            tags: known.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            symptom: known.symptom.to_owned(),
            cause: known.cause.to_owned(),
            solution: known.solution.to_owned(),
            source_ticket_id: None,
        };
        let id = desk.create_article(author, &input).await?;
        desk.article_step(author, id, &Step::Submit).await?;
        if n < last {
            clock.set(begin.plus(Duration::from_secs((hours * 2 + 1) * HOUR)));
            desk.article_step(&cast.lead, id, &Step::Publish).await?;
            let helpful = n != 2;
            let comment = (!helpful).then(|| "升级浏览器需要管理员权限，请写明找谁".to_owned());
            desk.article_step(&cast.duty, id, &Step::Vote { helpful, comment }).await?;
            published.insert(known.title, id);
        }
    }
    Ok(published)
}

fn author(cast: &Cast, n: usize) -> Result<&Ctx> {
    let engineers = cast.engineers.len().max(1);
    cast.engineers.get(n % engineers).ok_or_else(|| internal("a desk without engineers"))
}
