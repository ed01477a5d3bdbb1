//! Forms of data corrections in every state that a newcomer should see: one closed, one approved, one waiting for the bureau, one
//! so small that it needs no approval.

use crate::service::Cast;
use kernel::{Error, Result, Timestamp};
use platform::Ctx;
use service_desk::ServiceDesk;
use service_desk::corrections::model::Change;
use service_desk::corrections::wire::{CorrectionInput, Step};
use service_desk::tickets::model::Touches;
use std::time::Duration;

const HOUR: u64 = 3600;

struct Form {
    hours_ago: u64,
    item_code: &'static str,
    title: &'static str,
    reason: &'static str,
    medical_document: bool,
    amount_cents: Option<i64>,
    /// Object, key, field, before, after.
    change: Option<[&'static str; 5]>,
    approved: bool,
    executed: bool,
}

const FORMS: [Form; 4] = [
    Form {
        hours_ago: 140,
        item_code: "emr_quality",
        title: "更正出院主要诊断编码",
        reason: "编码录入错误，质控退回",
        medical_document: true,
        amount_cents: None,
        change: Some(["emr_discharge", "演示病案 0001", "main_diagnosis_code", "I10.x00", "I11.900"]),
        approved: true,
        executed: true,
    },
    Form {
        hours_ago: 30,
        item_code: "nursing",
        title: "更正护理记录时间",
        reason: "补录时选错日期",
        medical_document: true,
        amount_cents: None,
        change: Some(["nursing_note", "演示记录 0027", "recorded_at", "08:00", "20:00"]),
        approved: true,
        executed: false,
    },
    Form {
        hours_ago: 5,
        item_code: "teleconsultation",
        title: "会诊收费重复，退一笔",
        reason: "同一次会诊计费两次",
        medical_document: false,
        amount_cents: Some(120_000),
        change: Some(["consult_charge", "演示会诊 0003", "status", "已收费", "已冲销"]),
        approved: false,
        executed: false,
    },
    Form {
        hours_ago: 3,
        item_code: "resident_app",
        title: "挂号费退款 15 元",
        reason: "停诊退号",
        medical_document: false,
        amount_cents: Some(1_500),
        change: None,
        approved: false,
        executed: false,
    },
];

/// Hands the forms in and takes the steps that had been taken by `now`.
pub async fn play(desk: &ServiceDesk, cast: &Cast, now: Timestamp) -> Result<()> {
    let missing = || Error::internal("a cast without engineers or places");
    let engineer = cast.engineers.first().ok_or_else(missing)?;
    let place = cast.places.last().ok_or_else(missing)?;
    let at = |ctx: &Ctx, moment: Timestamp| ctx.platform().clock().set(moment);
    for form in &FORMS {
        let begun = now.minus(Duration::from_secs(form.hours_ago * HOUR));
        at(engineer, begun);
        let input = CorrectionInput {
            organisation_id: Some(*place),
            ticket_id: None,
            item_code: form.item_code.to_owned(),
            title: form.title.to_owned(),
            reason: form.reason.to_owned(),
            touches: Touches {
                medical_document: form.medical_document,
                database_change: form.change.is_some(),
                amount_cents: form.amount_cents,
            },
            changes: form
                .change
                .map(|[object, key, field, before, after]| {
                    let [object, key, field, before, after] =
                        [object, key, field, before, after].map(ToOwned::to_owned);
                    Change { object, key, field, before, after }
                })
                .into_iter()
                .collect(),
            rollback_plan: "按修改前的值写回，并通知申请机构".to_owned(),
        };
        let id = desk.request_correction(engineer, input).await?;
        if form.approved {
            at(&cast.bureau, begun.plus(Duration::from_secs(HOUR)));
            let opinion = Some("同意，注意留痕".to_owned());
            desk.correction_step(&cast.bureau, id, Step::Approve { opinion }).await?;
        }
        if let (true, Some([object, key, field, _, after])) = (form.executed, form.change) {
            at(engineer, begun.plus(Duration::from_secs(2 * HOUR)));
            let steps = format!("UPDATE {object} SET {field} = '{after}' WHERE id = '{key}';\nCOMMIT;");
            let after = vec![after.to_owned()];
            let execute = Step::Execute { steps, after, deviation_reason: None, at: None };
            desk.correction_step(engineer, id, execute).await?;
            at(&cast.bureau, begun.plus(Duration::from_secs(20 * HOUR)));
            let note = Some("与申请一致".to_owned());
            desk.correction_step(&cast.bureau, id, Step::Review { right: true, note }).await?;
        }
    }
    at(engineer, now);
    Ok(())
}
