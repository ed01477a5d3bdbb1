//! Worked cases as data: a rule's name, its input, the readings switched and the answer expected.
//!
//! `{"note", "cases": [{"id", "rule", "clause", "input": {..}, "reading": "recommended" | {"s1_late": "literal"}, "expected": {..}}]}`

use crate::dates::{self, Delivery};
use crate::desk::{self, Touches};
use crate::incidents::{self, DataHarm, Evidence, Impact, Incident, Severity};
use crate::payments::{self, Excuse, Ground, Tranche};
use crate::requirements::{self, Complaint, Feedback, Kind, Missed};
use crate::staff::{self, Lapse};
use crate::{Assessed, Cents, Contract, Derivation, Factor, TermsError};
use cn_calendar::{Calendar, Hours, WorkingTime};
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// Every rule that a case can name.
pub const RULES: &[&str] = &[
    "vat",
    "payment_due",
    "renewal_reminder",
    "late_delivery",
    "late_payment",
    "termination",
    "security_breach",
    "incident_severity",
    "incident_clock",
    "incident_penalty",
    "incident_notice",
    "requirement_feedback",
    "requirement_milestone",
    "onsite_staff",
    "duty_roster",
    "first_response",
    "question",
    "approval_needed",
    "force_majeure",
    "closing",
    "filing",
    "repayment",
    "notice_served",
    "security_report",
    "look_back",
    "inspections",
    "ledger",
];

/// A file of cases.
#[derive(Debug, Deserialize)]
pub struct CaseFile {
    #[serde(default)]
    pub note: String,
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub rule: String,
    #[serde(default)]
    pub clause: String,
    pub input: Map<String, Value>,
    #[serde(default)]
    pub reading: Value,
    #[serde(default)]
    pub expected: Map<String, Value>,
}

/// What a case gives.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub fields: Map<String, Value>,
    pub derivation: Derivation,
}

impl Outcome {
    /// Names of expected fields that are missing or differ. An amount may be written as text or as a number.
    pub fn differences(&self, expected: &Map<String, Value>) -> Vec<String> {
        expected
            .iter()
            .filter(|(name, value)| !self.fields.get(*name).is_some_and(|own| same(own, value)))
            .map(|(name, _)| name.clone())
            .collect()
    }
}

fn same(own: &Value, expected: &Value) -> bool {
    if own == expected {
        return true;
    }
    let amount = |value: &Value| match value {
        Value::String(text) => text.parse::<Cents>().ok(),
        Value::Number(number) => number.to_string().parse::<Cents>().ok(),
        _ => None,
    };
    if let (Some(a), Some(b)) = (amount(own), amount(expected)) {
        return a == b;
    }
    let moment = |value: &Value| value.as_str().and_then(|text| date_time(text).ok());
    matches!((moment(own), moment(expected)), (Some(a), Some(b)) if a == b)
}

/// Computes a case under the contract, with the readings that it switches.
///
/// # Errors
/// An unknown rule, reading or item; an input that is missing, of the wrong kind or impossible; a year without a calendar.
pub fn evaluate(contract: &Contract, calendar: &Calendar, case: &Case) -> Result<Outcome, TermsError> {
    let mut contract = contract.clone();
    switch(&mut contract, &case.reading)?;
    let input = Input(&case.input);
    evaluate_rule(&contract, calendar, &case.rule, &input)
}

fn switch(contract: &mut Contract, reading: &Value) -> Result<(), TermsError> {
    match reading {
        Value::Null => Ok(()),
        Value::String(text) if text.is_empty() || text == "recommended" => Ok(()),
        Value::String(text) => contract.readings.switch_by_value(text),
        Value::Object(map) => map.iter().try_for_each(|(name, value)| match value.as_str() {
            Some("recommended") => Ok(()),
            Some(value) => contract.readings.switch(name, value),
            None => Err(TermsError::invalid("reading", format!("{name} is no text"))),
        }),
        _ => Err(TermsError::invalid("reading", "neither a text nor an object")),
    }
}

/// The input of a case, read with the name of what is wrong.
struct Input<'a>(&'a Map<String, Value>);

impl Input<'_> {
    fn find(&self, names: &[&'static str]) -> Option<(&'static str, &Value)> {
        names
            .iter()
            .find_map(|name| self.0.get(*name).filter(|value| !value.is_null()).map(|value| (*name, value)))
    }

    fn need(&self, names: &[&'static str]) -> Result<(&'static str, &Value), TermsError> {
        self.find(names)
            .ok_or_else(|| TermsError::invalid(names.first().copied().unwrap_or("input"), "is missing"))
    }

    fn text(&self, names: &[&'static str]) -> Result<String, TermsError> {
        let (name, value) = self.need(names)?;
        value.as_str().map(str::to_owned).ok_or_else(|| TermsError::invalid(name, "is no text"))
    }

    /// A number as JSON number or text.
    fn parsed<T: FromStr>(&self, names: &[&'static str], what: &str) -> Result<T, TermsError> {
        let (name, value) = self.need(names)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.trim().parse().map_err(|_| TermsError::invalid(name, format!("{text} is not {what}")))
    }

    fn optional<T>(
        &self,
        names: &[&'static str],
        read: impl FnOnce() -> Result<T, TermsError>,
    ) -> Result<Option<T>, TermsError> {
        self.find(names).map(|_| read()).transpose()
    }

    fn money(&self, names: &[&'static str]) -> Result<Cents, TermsError> {
        self.parsed(names, "an amount")
    }

    fn count(&self, names: &[&'static str]) -> Result<u32, TermsError> {
        self.parsed(names, "a whole number")
    }

    fn flag(&self, names: &[&'static str], otherwise: bool) -> Result<bool, TermsError> {
        match self.find(names) {
            None => Ok(otherwise),
            Some((_, Value::Bool(flag))) => Ok(*flag),
            Some((name, _)) => Err(TermsError::invalid(name, "is neither true nor false")),
        }
    }

    fn date(&self, names: &[&'static str]) -> Result<Date, TermsError> {
        let text = self.text(names)?;
        let read = text.parse::<Date>().or_else(|_| date_time(&text).map(|at| at.date()));
        read.map_err(|_| {
            TermsError::invalid(names.first().copied().unwrap_or("date"), format!("{text:?} is not a date"))
        })
    }

    fn moment(&self, names: &[&'static str]) -> Result<DateTime, TermsError> {
        let text = self.text(names)?;
        date_time(&text).map_err(|_| {
            TermsError::invalid(
                names.first().copied().unwrap_or("moment"),
                format!("{text:?} is not a date and time"),
            )
        })
    }

    fn maybe_moment(&self, names: &[&'static str]) -> Result<Option<DateTime>, TermsError> {
        self.optional(names, || self.moment(names))
    }
}

/// `2025-09-28T10:00:00`, also with a blank or without seconds; a zone of the region may stand behind.
fn date_time(text: &str) -> Result<DateTime, jiff::Error> {
    let text = text.trim().strip_suffix("+08:00").unwrap_or(text.trim()).replace(' ', "T");
    text.parse()
}

fn excuse(input: &Input<'_>) -> Result<Option<Excuse>, TermsError> {
    let names = ["excuse", "cause", "reason", "excluded"];
    match input.find(&names) {
        None | Some((_, Value::Bool(false))) => Ok(None),
        Some((_, Value::Bool(true))) => Ok(Some(Excuse::OtherParty)),
        Some(_) => {
            let text = input.text(&names)?;
            Ok(Some(match text.as_str() {
                "" | "none" | "party_b_itself" => return Ok(None),
                "force_majeure" => Excuse::ForceMajeure,
                "fiscal_appropriation" | "fiscal" => Excuse::FiscalAppropriation,
                "other_party" | "party_a" | "party_b" => Excuse::OtherParty,
                other => {
                    return Err(TermsError::invalid(
                        "excuse",
                        format!("{other:?} is none of other_party, force_majeure, fiscal_appropriation"),
                    ));
                }
            }))
        }
    }
}

fn fields(value: Value, derivation: Derivation) -> Result<Outcome, TermsError> {
    match value {
        Value::Object(fields) => Ok(Outcome { fields, derivation }),
        _ => Ok(Outcome { fields: Map::new(), derivation }),
    }
}

fn answer<T>(assessed: Assessed<T>, to_fields: impl FnOnce(&T) -> Value) -> Result<Outcome, TermsError> {
    let value = to_fields(&assessed.value);
    fields(value, assessed.derivation)
}

fn evaluate_rule(
    contract: &Contract,
    calendar: &Calendar,
    rule: &str,
    input: &Input<'_>,
) -> Result<Outcome, TermsError> {
    let hours = match input.find(&["hours"]) {
        None => Hours::parse(&contract.working_hours),
        Some((_, Value::Array(list))) => {
            let texts: Vec<&str> = list.iter().map(|v| v.as_str().unwrap_or_default()).collect();
            Hours::parse(&texts)
        }
        Some(_) => Hours::parse(&[input.text(&["hours"])?]),
    };
    let hours = hours.map_err(|e| TermsError::invalid("hours", e.to_string()))?;
    let time = WorkingTime { calendar, hours: &hours };
    match rule {
        "vat" => {
            let rate: Factor = if input.find(&["rate"]).is_some() {
                input.parsed(&["rate"], "a rate")?
            } else {
                contract.vat_rate
            };
            answer(
                payments::vat(input.money(&["gross", "amount"])?, rate)?,
                |v| json!({"net": v.net, "vat": v.vat}),
            )
        }
        "payment_due" => {
            let first = contract.payments.first();
            let share = first.map_or(Factor::ONE, |p| p.share);
            let days = first.map_or(90, |p| p.days);
            let due = payments::payment_due(contract, calendar, input.date(&["event"])?, share, days)?;
            answer(due, |v| json!({"amount": v.amount, "due": v.due}))
        }
        "renewal_reminder" => answer(
            dates::renewal_reminder(contract, input.date(&["term_end", "expiry"])?)?,
            |v| json!({"latest": v.latest, "warn_on": v.warn_on, "talks_from": v.talks_from}),
        ),
        "late_delivery" => {
            let late =
                payments::late_delivery(contract, input.count(&["days_late", "days"])?, excuse(input)?)?;
            answer(late, |v| json!({"penalty": v.penalty, "may_terminate": v.may_terminate}))
        }
        "late_payment" => {
            let tranches = match input.find(&["tranches"]) {
                Some((_, Value::Array(list))) => list
                    .iter()
                    .map(|part| {
                        let part = part
                            .as_object()
                            .ok_or_else(|| TermsError::invalid("tranches", "not a list of objects"))?;
                        tranche(&Input(part))
                    })
                    .collect::<Result<Vec<_>, _>>()?,
                _ => vec![tranche(input)?],
            };
            answer(payments::late_payment(contract, &tranches, excuse(input)?)?, |v| {
                json!({"penalty_accrued": v.penalty_accrued, "interest_accrued": v.interest_accrued, "payable": v.payable,
                    "may_terminate": v.may_terminate})
            })
        }
        "termination" => {
            let ground = match input.text(&["ground"])?.as_str() {
                "serious" => Ground::Serious,
                "grave" => Ground::Grave,
                other => {
                    return Err(TermsError::invalid(
                        "ground",
                        format!("{other:?} is neither serious nor grave"),
                    ));
                }
            };
            let term = if input.find(&["term_days"]).is_some() {
                input.count(&["term_days"])?
            } else {
                u32::try_from(contract.term_days()).unwrap_or(0)
            };
            let ended = payments::termination(
                contract,
                ground,
                input.count(&["elapsed_days"])?,
                term,
                input.money(&["paid"])?,
            )?;
            answer(ended, |v| json!({"payable": v.payable, "refund": v.refund, "still_due": v.still_due}))
        }
        "security_breach" => {
            answer(payments::security_breach(contract)?, |v| json!({"penalty": v, "negotiable": true}))
        }
        "incident_severity" => {
            let number =
                |names: &[&'static str]| input.optional(names, || input.count(names)).map(|n| n.unwrap_or(0));
            let evidence = Evidence {
                connected_institutions: input.count(&["connected_institutions"])?,
                primary_stopped: number(&["primary_stopped"])?,
                secondary_stopped: number(&["secondary_stopped"])?,
                data_harm: choice::<DataHarm>(input, &["data_harm"])?,
                impact: choice::<Impact>(input, &["impact"])?,
            };
            answer(incidents::severity(&evidence)?, |v| json!({"severity": v.as_str()}))
        }
        "incident_clock" => {
            let clock = incidents::incident_clock(
                contract,
                severity(input)?,
                input.maybe_moment(&["first_alarm", "alarm"])?,
                input.maybe_moment(&["first_report", "reported"])?,
                input.maybe_moment(&["restored"])?,
            )?;
            answer(
                clock,
                |v| json!({"started": v.started, "restore_by": v.restore_by, "report_by": v.report_by, "notify_by": v.notify_by, "late": v.late}),
            )
        }
        "incident_penalty" => {
            let item = contract.item(&input.text(&["system", "item"])?)?;
            let incident = Incident {
                severity: severity(input)?,
                occurrence: if input.find(&["occurrence"]).is_some() {
                    input.count(&["occurrence"])?
                } else {
                    1
                },
                late: input.flag(&["late"], false)?,
                previous: input.optional(&["previous"], || input.money(&["previous"]))?,
            };
            answer(
                incidents::incident_penalty(contract, item, incident)?,
                |v| json!({"penalty": v.penalty, "negotiable": v.negotiable}),
            )
        }
        "incident_notice" => answer(
            dates::incident_notice(contract, input.moment(&["noticed", "event", "occurred"])?)?,
            |v| json!({"due": v}),
        ),
        "requirement_feedback" => {
            let kind = match input.text(&["kind"])?.as_str() {
                "ordinary" => Kind::Ordinary,
                "complex" => Kind::Complex,
                other => {
                    return Err(TermsError::invalid(
                        "kind",
                        format!("{other:?} is neither ordinary nor complex"),
                    ));
                }
            };
            if let (Some(received), Some(at)) =
                (input.maybe_moment(&["received"])?, input.maybe_moment(&["answered", "feedback"])?)
            {
                let feedback = Feedback::Given(at);
                return answer(
                    requirements::feedback_fine(contract, calendar, kind, received, feedback)?,
                    |v| json!({"penalty": v.penalty, "due": v.due}),
                );
            }
            let minutes: i64 = input.parsed(&["minutes"], "a whole number of minutes")?;
            answer(
                requirements::feedback(contract, kind, minutes.saturating_mul(60))?,
                |v| json!({"penalty": v}),
            )
        }
        "requirement_milestone" => {
            let complaints = complaints(input)?;
            let missed = Missed {
                agreed_by_both: input.flag(&["agreed_date", "agreed_by_both"], true)?
                    && input.flag(&["missed"], true)?,
                complaints: &complaints,
                business_affected: input.flag(&["business_affected"], false)?,
                ..Missed::default()
            };
            answer(requirements::milestone(contract, missed)?, |v| json!({"penalty": v}))
        }
        "onsite_staff" => {
            let lapse = match input.text(&["kind"])?.as_str() {
                "unfiled_leave" => Lapse::UnfiledLeave,
                "late_duty" | "duty_late" | "late" | "late_arrival" | "duty_late_arrival" => Lapse::LateDuty,
                "holiday_no_reply" | "no_reply" => Lapse::NoReply,
                other => {
                    return Err(TermsError::invalid(
                        "kind",
                        format!("{other:?} is none of unfiled_leave, late_duty, holiday_no_reply"),
                    ));
                }
            };
            let names = ["decision", "chosen", "amount"];
            let chosen = input.optional(&names, || input.money(&names))?;
            let count = if input.find(&["count"]).is_some() { input.count(&["count"])? } else { 1 };
            answer(staff::onsite_staff(contract, lapse, count, chosen)?, |v| match v.penalty {
                Some(penalty) => {
                    json!({"penalty": penalty, "hr_interview": v.hr_interview, "needs_decision": false})
                }
                None => json!({"minimum": v.least, "maximum": v.most, "needs_decision": true}),
            })
        }
        "duty_roster" => {
            let text = input.text(&["month"])?;
            let wrong = || TermsError::invalid("month", format!("{text:?} is not of the form 2025-05"));
            let (year, month) = text.split_once('-').ok_or_else(wrong)?;
            let (year, month) = (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
            answer(staff::duty_roster(contract, calendar, year, month)?, |v| {
                let days: Vec<i8> = v.duty_days.iter().map(|d| d.day()).collect();
                json!({"due": v.due, "warn_on": v.warn_on, "duty_days": days})
            })
        }
        "first_response" => {
            let answered = input.maybe_moment(&["answered"])?;
            answer(
                desk::first_response(contract, time, input.moment(&["opened"])?, answered)?,
                |v| json!({"limit_minutes": v.limit_minutes, "due": v.due, "on_time": v.on_time}),
            )
        }
        "question" => {
            let question = desk::question(
                contract,
                time,
                input.moment(&["opened"])?,
                input.maybe_moment(&["answered"])?,
                input.maybe_moment(&["agreed"])?,
                input.maybe_moment(&["handled", "resolved"])?,
            )?;
            answer(question, |v| json!({"due": v.due, "on_time": v.on_time}))
        }
        "approval_needed" => {
            let touches = Touches {
                medical_document: input.flag(&["medical_document"], false)?,
                database_change: input.flag(&["database_change"], false)?,
                amount: input.optional(&["amount"], || input.money(&["amount"]))?,
            };
            answer(desk::approval_needed(contract, touches), |v| json!({"approval_needed": v}))
        }
        "force_majeure" => {
            let own = input.flag(&["during_own_delay"], false)?;
            answer(dates::force_majeure(calendar, input.date(&["event"])?, own)?, |v| {
                json!({"notice_by": v.notice_by, "notice_by_law": v.notice_by_law, "certificate_by": v.certificate_by,
                    "terminate_from": v.terminate_from, "relief": v.relief})
            })
        }
        "closing" => answer(
            dates::closing(input.date(&["ended"])?)?,
            |v| json!({"return_by": v.return_by, "confidential_until": v.confidential_until, "no_poaching_until": v.no_poaching_until}),
        ),
        "filing" => {
            let submitted = input.optional(&["submitted"], || input.date(&["submitted"]))?;
            answer(
                dates::filing(calendar, input.date(&["online"])?, submitted)?,
                |v| json!({"submit_by": v.submit_by, "filed_by": v.filed_by}),
            )
        }
        "repayment" => answer(dates::repayment(calendar, input.date(&["notice"])?)?, |v| json!({"due": v})),
        "notice_served" => {
            let delivery = match input.optional(&["signed_for"], || input.date(&["signed_for"]))? {
                Some(day) => Delivery::SignedFor(day),
                None => Delivery::Refused,
            };
            answer(
                dates::notice_served(input.date(&["postmark", "sent"])?, delivery)?,
                |v| json!({"served": v}),
            )
        }
        "security_report" => {
            let users: u64 = input.parsed(&["registered_users", "users"], "a whole number")?;
            let sector = input.flag(&["sensitive_sector", "medical"], false)?;
            answer(dates::security_report_due(users, sector), |v| json!({"due": v}))
        }
        "look_back" => {
            answer(dates::look_back(input.date(&["signed"])?)?, |v| json!({"from": v.0, "to": v.1}))
        }
        "inspections" => answer(dates::inspections(contract)?, |v| {
            let list: Vec<Value> = v.iter().map(|i| json!({"kind": i.kind, "due": i.due})).collect();
            json!({"count": list.len(), "inspections": list})
        }),
        "ledger" => ledger(contract, calendar, input),
        other => Err(TermsError::invalid("rule", format!("{other:?} is none of {}", RULES.join(", ")))),
    }
}

fn tranche(input: &Input<'_>) -> Result<Tranche, TermsError> {
    Ok(Tranche { overdue: input.money(&["overdue"])?, days_late: input.count(&["days_late", "days"])? })
}

fn severity(input: &Input<'_>) -> Result<Severity, TermsError> {
    let text = input.text(&["severity"])?;
    Severity::from_text(&text)
        .ok_or_else(|| TermsError::invalid("severity", format!("{text:?} is none of S1 to S4")))
}

fn choice<T: Default + for<'de> Deserialize<'de>>(
    input: &Input<'_>,
    names: &[&'static str],
) -> Result<T, TermsError> {
    match input.find(names) {
        None => Ok(T::default()),
        Some((name, value)) => {
            serde_json::from_value(value.clone()).map_err(|e| TermsError::invalid(name, e.to_string()))
        }
    }
}

fn complaints(input: &Input<'_>) -> Result<Vec<Complaint>, TermsError> {
    let Some((_, value)) = input.find(&["complaints", "complaint"]) else { return Ok(Vec::new()) };
    let list = match value {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    list.iter()
        .map(|one| match one.as_str() {
            Some("city_government" | "city" | "city_party_committee") => Ok(Complaint::CityGovernment),
            Some("health_bureau" | "bureau") => Ok(Complaint::HealthBureau),
            _ => Err(TermsError::invalid(
                "complaints",
                format!("{one} is neither city_government nor health_bureau"),
            )),
        })
        .collect()
}

/// The sum of several cases, each a line rounded by itself: `{"lines": [{"rule", "input"}, ...]}`.
fn ledger(contract: &Contract, calendar: &Calendar, input: &Input<'_>) -> Result<Outcome, TermsError> {
    let (_, lines) = input.need(&["lines", "events"])?;
    let list = lines.as_array().ok_or_else(|| TermsError::invalid("lines", "is no list"))?;
    let mut derivation = Derivation::new("ledger", "附件1, 6.2(4)");
    let (mut total, mut amounts) = (Cents::ZERO, Vec::new());
    for (n, line) in list.iter().enumerate() {
        let place = |reason: &str| TermsError::invalid("lines", format!("line {}: {reason}", n + 1));
        let rule = line.get("rule").and_then(Value::as_str).ok_or_else(|| place("no rule"))?;
        let given = line.get("input").and_then(Value::as_object).ok_or_else(|| place("no input"))?;
        if rule == "ledger" {
            return Err(place("a ledger inside a ledger"));
        }
        let outcome =
            evaluate_rule(contract, calendar, rule, &Input(given)).map_err(|e| place(&e.to_string()))?;
        let amount =
            outcome.fields.get("penalty").or_else(|| outcome.fields.get("payable")).and_then(Value::as_str);
        let amount: Cents =
            amount.ok_or_else(|| place("gives no amount, or a person must choose it"))?.parse()?;
        derivation = derivation.step(format!("{rule}: {amount}"));
        total = total + amount;
        amounts.push(amount);
    }
    derivation = derivation.step(format!("total {total}"));
    fields(json!({"total": total, "lines": amounts}), derivation)
}
