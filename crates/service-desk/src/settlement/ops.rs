//! Use cases of money: claims, acceptance by both parties, disputes, payments, the account.

use super::ledger::{self, Amount, Assessment, LineRow, NewLine, PenaltyRow, PenaltyState};
use super::statement::{self, Instalment, Period, Statement};
use super::store::{self, Filter};
use super::wire::{
    Acceptance, Claim, Dispute, ExcuseInput, InstalmentState, LatePaymentView, PaymentInput, PaymentView,
    PenaltyLine, PenaltyQuery, PenaltyView, QuarterView, SettlementQuery, SettlementView, Step,
    TerminationQuery, TerminationView,
};
use crate::ServiceDesk;
use crate::access::{
    self, CONTRACT_READ, PAYMENT_RECORD, SETTLEMENT_REVIEW_A, SETTLEMENT_REVIEW_B, required,
};
use crate::book::{Book, Edition, terms_error};
use crate::clock::DerivationView;
use crate::journal::Subject;
use cn_calendar::counting;
use jiff::civil::Date;
use kernel::{
    AccountId, Cursor, Error, Limit, Page, PenaltyId, Result, ServiceContractId, Timestamp, parse_date,
};
use platform::db::Exec;
use platform::{AuditEntry, Ctx};
use ports::service::ServiceRecordChanged;
use service_terms::payments::{self, Excuse, Ground};
use service_terms::{Assessed, Cents};
use std::collections::HashMap;
use uuid::Uuid;

const PENALTY: &str = "service_penalty";
const SETTLEMENT: &str = "service_settlement";

fn row_view(ctx: &Ctx, book: &Book, row: &PenaltyRow, lines: &[&LineRow]) -> Result<PenaltyView> {
    let state = PenaltyState::parse(&row.state).ok_or_else(|| Error::internal("penalty state"))?;
    let at = |at: Option<i64>| Timestamp::from_micros(at.unwrap_or_default());
    let acceptance = |name: &Option<String>, when: Option<i64>| {
        name.as_ref().map(|name| Acceptance { name: name.clone(), at: at(when) })
    };
    let lines = lines
        .iter()
        .map(|line| {
            Ok(PenaltyLine {
                kind: line.kind.clone(),
                amount_cents: line.amount_cents,
                contract_version: line.contract_version,
                derivation: serde_json::from_str(&line.derivation).map_err(Error::internal)?,
                reason: line.reason.clone(),
                made_by_name: line.made_by_name.clone(),
                made_at: Timestamp::from_micros(line.made_at),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(PenaltyView {
        id: PenaltyId(row.id),
        number: row.number.clone(),
        contract_id: row.contract_id.into(),
        contract_code: book.latest(row.contract_id.into())?.contract.code.clone(),
        rule: row.rule.clone(),
        source_kind: row.source_kind.clone(),
        source_id: row.source_id,
        source_part: row.source_part.clone(),
        subject: row.subject.clone(),
        occurred_at: Timestamp::from_micros(row.occurred_at),
        state,
        amount_cents: row.amount_cents,
        needs_choice: row.needs_choice,
        accepted_a: acceptance(&row.accepted_a_name, row.accepted_a_at),
        accepted_b: acceptance(&row.accepted_b_name, row.accepted_b_at),
        dispute: row.dispute.as_ref().map(|reason| Dispute {
            name: row.disputed_by_name.clone().unwrap_or_default(),
            at: at(row.disputed_at),
            reason: reason.clone(),
        }),
        lines,
        allowed_actions: allowed(ctx, row, state)?,
        row_version: row.row_version,
    })
}

fn allowed(ctx: &Ctx, row: &PenaltyRow, state: PenaltyState) -> Result<Vec<String>> {
    let path = &row.organisation_path;
    let (a, b) = (access::may(ctx, SETTLEMENT_REVIEW_A, path)?, access::may(ctx, SETTLEMENT_REVIEW_B, path)?);
    let own = access::by(ctx);
    let mut found = Vec::new();
    let open = state == PenaltyState::Proposed && !row.needs_choice;
    let a_may = a && row.accepted_a_by.is_none() && (own.is_none() || row.accepted_b_by != own);
    let b_may = b && row.accepted_b_by.is_none() && (own.is_none() || row.accepted_a_by != own);
    if open && (a_may || b_may) {
        found.push("accept".to_owned());
    }
    if matches!(state, PenaltyState::Proposed) && (a || b) {
        found.push("dispute".to_owned());
    }
    if (a || b) && state != PenaltyState::Withdrawn {
        found.push("decide".to_owned());
    }
    Ok(found)
}

fn by_penalty(lines: &[LineRow]) -> HashMap<Uuid, Vec<&LineRow>> {
    let mut found: HashMap<Uuid, Vec<&LineRow>> = HashMap::new();
    for line in lines {
        found.entry(line.penalty_id).or_default().push(line);
    }
    found
}

/// The region of a contract that the caller may read.
async fn visible_contract(ctx: &Ctx, book: &Book, id: ServiceContractId) -> Result<String> {
    let scope = ctx.scope(CONTRACT_READ).await?;
    let found = book.latest(id).ok().map(|edition| edition.organisation_path.clone());
    access::visible(found, &scope, |path| path.as_str(), "contract")
}

fn amount(field: &str, cents: i64) -> Result<Cents> {
    Cents::new(cents).map_err(|e| Error::field(field, e.code(), e.to_string()))
}

impl ServiceDesk {
    pub(crate) async fn penalties(&self, ctx: &Ctx, query: &PenaltyQuery) -> Result<Page<PenaltyView>> {
        let scope = ctx.scope(CONTRACT_READ).await?;
        let limit = Limit::new(query.limit)?;
        let exec = ctx.platform().db().read();
        let filter = Filter {
            contract: query.contract_id.map(ServiceContractId::uuid),
            state: query.state.map(PenaltyState::as_str),
            source_kind: query.source_kind.as_deref(),
            from: query.from,
            to: query.to,
        };
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let rows = store::penalties(&exec, &scope, &filter, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.occurred_at], id: row.id });
        let book = Book::load(&exec).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in &page.items {
            let lines = ledger::lines(&exec, row.id).await?;
            items.push(row_view(ctx, &book, row, &lines.iter().collect::<Vec<_>>())?);
        }
        let entry =
            AuditEntry::new("service_penalties_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub(crate) async fn penalty(&self, ctx: &Ctx, id: PenaltyId) -> Result<PenaltyView> {
        let row = self.visible_penalty(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let lines = ledger::lines(&exec, row.id).await?;
        row_view(ctx, &Book::load(&exec).await?, &row, &lines.iter().collect::<Vec<_>>())
    }

    pub(crate) async fn read_penalty(&self, ctx: &Ctx, id: PenaltyId) -> Result<PenaltyView> {
        let view = self.penalty(ctx, id).await?;
        ctx.platform().audit(ctx, AuditEntry::new("service_penalty_read").on(PENALTY, id.uuid())).await?;
        Ok(view)
    }

    async fn visible_penalty(&self, ctx: &Ctx, id: PenaltyId) -> Result<PenaltyRow> {
        let scope = ctx.scope(CONTRACT_READ).await?;
        let found = ledger::find(&ctx.platform().db().read(), id).await?;
        access::visible(found, &scope, |row| row.organisation_path.as_str(), "penalty")
    }

    /// Claims by hand what no record of the program shows.
    pub async fn claim(&self, ctx: &Ctx, claim: &Claim) -> Result<PenaltyId> {
        let book = Book::load(&ctx.platform().db().read()).await?;
        let (contract_id, subject, day) = match claim {
            Claim::LateDelivery { contract_id, subject, due, .. } => (*contract_id, subject, ("due", due)),
            Claim::SecurityBreach { contract_id, subject, occurred_on }
            | Claim::Loss { contract_id, subject, occurred_on, .. } => {
                (*contract_id, subject, ("occurred_on", occurred_on))
            }
        };
        let path = visible_contract(ctx, &book, contract_id).await?;
        ctx.authorize(SETTLEMENT_REVIEW_A, &access::resource(PENALTY, None, &path)?).await?;
        let subject = required("subject", subject, 200)?;
        let day = parse_date(day.0, day.1)?;
        let today = ctx.now().local_date();
        if day > today {
            return Err(Error::field("occurred_on", "in_the_future", "this lies in the future"));
        }
        let at = Timestamp::start_of_local_date(day);
        let edition = book.of(contract_id, at)?;
        let contract = &edition.contract;
        let assessed: Assessed<Cents> = match claim {
            Claim::LateDelivery { done, .. } => {
                let done = parse_date("done", done)?;
                if done > today {
                    return Err(Error::field("done", "in_the_future", "this lies in the future"));
                }
                let days = u32::try_from(counting::days_between(day, done))
                    .map_err(|_| Error::field("done", "before_due", "it was done before it was due"))?;
                let found = payments::late_delivery(contract, days, None).map_err(|e| terms_error(&e))?;
                Assessed { value: found.value.penalty, derivation: found.derivation }
            }
            Claim::SecurityBreach { .. } => {
                payments::security_breach(contract).map_err(|e| terms_error(&e))?
            }
            Claim::Loss { amount_cents, .. } => {
                let value = amount("amount_cents", *amount_cents)?;
                if value <= Cents::ZERO {
                    return Err(Error::field("amount_cents", "out_of_range", "more than nothing"));
                }
                Assessed { value, derivation: service_terms::Derivation::by_hand("loss", "7.4", value) }
            }
        };
        let source = Subject { kind: "manual", id: ctx.platform().new_uuid() };
        let mut tx = ctx.platform().begin().await?;
        let found = Assessment {
            contract_id,
            contract_version: edition.version,
            organisation_path: &path,
            source,
            part: "",
            subject,
            occurred_at: at,
            amount: Amount::Fixed(assessed.value),
        };
        ledger::assess(&mut tx, ctx, &found, &assessed.derivation).await?;
        let made = ledger::of_source(&tx.exec(), source).await?;
        tx.commit().await?;
        let made = made.first().ok_or_else(|| {
            Error::field("done", "nothing_late", "nothing was late: there is nothing to claim")
        })?;
        Ok(PenaltyId(made.id))
    }

    pub async fn penalty_step(&self, ctx: &Ctx, id: PenaltyId, step: &Step) -> Result<()> {
        let row = self.visible_penalty(ctx, id).await?;
        let path = row.organisation_path.clone();
        let resource = access::resource(PENALTY, Some(row.id), &path)?;
        let a = access::may(ctx, SETTLEMENT_REVIEW_A, &path)?;
        let action = if a { SETTLEMENT_REVIEW_A } else { SETTLEMENT_REVIEW_B };
        ctx.authorize(action, &resource).await?;
        let mut tx = ctx.platform().begin().await?;
        let mut row = ledger::lock(&tx.exec(), id).await?.ok_or_else(|| Error::not_found("penalty"))?;
        let state = PenaltyState::parse(&row.state).ok_or_else(|| Error::internal("penalty state"))?;
        let conflict =
            |detail: &str| Error::conflict("state_conflict", detail.to_owned()).with("state", state.as_str());
        let (name, reason) = match step {
            Step::Accept { amount_cents } => {
                if state != PenaltyState::Proposed {
                    return Err(conflict("only a proposed penalty is accepted"));
                }
                if row.needs_choice {
                    return Err(Error::conflict(
                        "choice_missing",
                        "a person has to choose the amount first, where it was recorded",
                    ));
                }
                if *amount_cents != row.amount_cents {
                    return Err(access::stale());
                }
                accept(ctx, &mut row, a)?;
                ("accept", None)
            }
            Step::Dispute { reason } => {
                if state != PenaltyState::Proposed {
                    return Err(conflict("only a proposed penalty is disputed"));
                }
                let reason = required("reason", reason, 1000)?;
                ledger::reopen(&mut row);
                row.state = PenaltyState::Disputed.as_str().to_owned();
                row.disputed_by_name = Some(ctx.principal().display_name.clone());
                row.disputed_at = Some(ctx.now().micros());
                row.dispute = Some(reason.clone());
                ("dispute", Some(reason))
            }
            Step::Decide { amount_cents, reason } => {
                if state == PenaltyState::Withdrawn {
                    return Err(conflict("a withdrawn penalty comes back only with its facts"));
                }
                let reason = required("reason", reason, 1000)?;
                let decided = amount("amount_cents", *amount_cents)?;
                if decided < Cents::ZERO {
                    return Err(Error::field("amount_cents", "out_of_range", "not below zero"));
                }
                decide(ctx, &tx.exec(), &mut row, decided, &reason).await?;
                ("decide", Some(reason))
            }
        };
        ledger::save(&tx.exec(), &mut row).await?;
        ledger::changed(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await
    }

    /// Records a payment of party A.
    pub async fn record_payment(&self, ctx: &Ctx, id: ServiceContractId, input: &PaymentInput) -> Result<()> {
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let path = visible_contract(ctx, &book, id).await?;
        ctx.authorize(PAYMENT_RECORD, &access::resource(SETTLEMENT, Some(id.uuid()), &path)?).await?;
        let paid_on = parse_date("paid_on", &input.paid_on)?;
        if paid_on > ctx.now().local_date() {
            return Err(Error::field("paid_on", "in_the_future", "this lies in the future"));
        }
        let paid = amount("amount_cents", input.amount_cents)?;
        if paid <= Cents::ZERO {
            return Err(Error::field(
                "amount_cents",
                "out_of_range",
                "more than nothing; a wrong payment is reversed",
            ));
        }
        let note = access::optional("note", input.note.as_deref(), 200)?;
        let mut tx = ctx.platform().begin().await?;
        let existing = store::payments(&tx.exec(), id).await?;
        let edition = book.latest(id)?;
        let states = statement::instalments(
            edition,
            &book.calendar,
            &existing,
            &HashMap::new(),
            ctx.now().local_date(),
        )?;
        let instalment = states.iter().find(|i| i.number == input.instalment).ok_or_else(|| {
            Error::field("instalment", "instalment_unknown", format!("1 to {}", states.len()))
        })?;
        if paid > instalment.open {
            let detail = format!("{} is open of this instalment", instalment.open);
            return Err(Error::field("amount_cents", "overpaid", detail));
        }
        store::insert_payment(&tx.exec(), ctx, id, (input.instalment, paid_on, paid, note), None).await?;
        note_money(&mut tx, ctx, id, &path, "payment", None).await?;
        tx.commit().await
    }

    /// Takes a wrong payment back with a counter-entry.
    pub async fn reverse_payment(
        &self,
        ctx: &Ctx,
        id: ServiceContractId,
        payment: Uuid,
        reason: &str,
    ) -> Result<()> {
        let book = Book::load(&ctx.platform().db().read()).await?;
        let path = visible_contract(ctx, &book, id).await?;
        ctx.authorize(PAYMENT_RECORD, &access::resource(SETTLEMENT, Some(id.uuid()), &path)?).await?;
        let reason = required("reason", reason, 500)?;
        let mut tx = ctx.platform().begin().await?;
        let existing = store::payments(&tx.exec(), id).await?;
        let found = existing.iter().find(|p| p.id == payment).ok_or_else(|| Error::not_found("payment"))?;
        if found.reversed {
            return Err(Error::conflict("payment_reversed", "this payment was taken back already"));
        }
        let counter = (found.instalment, ctx.now().local_date(), -found.amount, Some(reason.clone()));
        store::insert_payment(&tx.exec(), ctx, id, counter, Some(payment)).await?;
        note_money(&mut tx, ctx, id, &path, "reversal", Some(&reason)).await?;
        tx.commit().await
    }

    /// Says why a late instalment costs nothing, or takes that back.
    pub(crate) async fn excuse(&self, ctx: &Ctx, id: ServiceContractId, input: &ExcuseInput) -> Result<()> {
        let book = Book::load(&ctx.platform().db().read()).await?;
        let path = visible_contract(ctx, &book, id).await?;
        ctx.authorize(SETTLEMENT_REVIEW_A, &access::resource(SETTLEMENT, Some(id.uuid()), &path)?).await?;
        let known = [Excuse::OtherParty, Excuse::ForceMajeure, Excuse::FiscalAppropriation];
        let excuse = match input.excuse.as_deref() {
            None => None,
            Some(text) => Some(known.into_iter().find(|e| e.as_str() == text).ok_or_else(|| {
                Error::field("excuse", "excuse_unknown", "other_party, force_majeure or fiscal_appropriation")
            })?),
        };
        let evidence = required("evidence", &input.evidence, 500)?;
        let count = book.latest(id)?.contract.payments.len();
        if usize::try_from(input.instalment).is_ok_and(|n| n == 0 || n > count) || input.instalment < 1 {
            return Err(Error::field("instalment", "instalment_unknown", format!("1 to {count}")));
        }
        let mut tx = ctx.platform().begin().await?;
        store::insert_excuse(&tx.exec(), ctx, id, input.instalment, excuse, evidence.clone()).await?;
        note_money(&mut tx, ctx, id, &path, "excuse", Some(&evidence)).await?;
        tx.commit().await
    }

    /// Everything that an account is made from.
    pub(crate) async fn account(
        &self,
        exec: &Exec<'_>,
        book: &Book,
        edition: &Edition,
        period: Period,
        as_of: Date,
    ) -> Result<(Statement, Vec<PenaltyRow>, Vec<LineRow>, Vec<statement::Payment>)> {
        let id = edition.contract_id;
        let penalties = ledger::of_contract(exec, id).await?;
        let lines = ledger::lines_of_contract(exec, id).await?;
        let payments = store::payments(exec, id).await?;
        let excuses = store::excuses(exec, id).await?;
        let instalments = statement::instalments(edition, &book.calendar, &payments, &excuses, as_of)?;
        let after = counting::days_after(period.to, 1).map_err(Error::internal)?;
        let (from, to) = (Timestamp::start_of_local_date(period.from), Timestamp::start_of_local_date(after));
        let billable = store::billable(exec, id, from, to).await?;
        let account = statement::statement(edition, period, as_of, &penalties, instalments, billable)?;
        Ok((account, penalties, lines, payments))
    }

    pub async fn settlement(
        &self,
        ctx: &Ctx,
        id: ServiceContractId,
        query: &SettlementQuery,
    ) -> Result<SettlementView> {
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let path = visible_contract(ctx, &book, id).await?;
        let edition = book.latest(id)?;
        let day = |field: &str, text: &Option<String>, other: Date| match text {
            Some(text) => parse_date(field, text),
            None => Ok(other),
        };
        let period = Period {
            from: day("from", &query.from, edition.contract.term_start)?,
            to: day("to", &query.to, edition.contract.term_end)?,
        };
        if period.to < period.from {
            return Err(Error::field("to", "period_reversed", "the period ends before it begins"));
        }
        let as_of = day("as_of", &query.as_of, ctx.now().local_date())?;
        let (account, penalties, lines, payments) =
            self.account(&exec, &book, edition, period, as_of).await?;
        let grouped = by_penalty(&lines);
        let none = Vec::new();
        let views = penalties
            .iter()
            .filter(|row| statement::is_of(row, period))
            .map(|row| row_view(ctx, &book, row, grouped.get(&row.id).unwrap_or(&none)))
            .collect::<Result<Vec<_>>>()?;
        let quarters = statement::quarters(edition)?
            .into_iter()
            .enumerate()
            .map(|(n, quarter)| QuarterView {
                number: n + 1,
                from: quarter.from.to_string(),
                to: quarter.to.to_string(),
                sums: statement::sums(penalties.iter().filter(|row| statement::is_of(row, quarter))).into(),
            })
            .collect();
        let open: Cents = account.instalments.iter().map(|i| i.open).sum();
        let payable = open.cents() + account.late_payment.payable.cents() + account.billable
            - account.running.confirmed;
        let mut allowed_actions = Vec::new();
        if access::may(ctx, PAYMENT_RECORD, &path)? {
            allowed_actions.push("record_payment".to_owned());
        }
        if access::may(ctx, SETTLEMENT_REVIEW_A, &path)? {
            allowed_actions.extend(["claim".to_owned(), "excuse".to_owned()]);
        }
        let entry = AuditEntry::new("service_settlement_read").on(SETTLEMENT, id.uuid()).organisation(&path);
        ctx.platform().audit(ctx, entry).await?;
        Ok(SettlementView {
            contract_id: id,
            contract_code: edition.contract.code.clone(),
            contract_version: edition.version,
            from: period.from.to_string(),
            to: period.to.to_string(),
            as_of: as_of.to_string(),
            quarters,
            sums: account.sums.into(),
            running: account.running.into(),
            cap_cents: account.cap.cents(),
            penalties: views,
            ledger_agrees: statement::lines_agree(&penalties, &lines),
            instalments: account.instalments.iter().map(|i| instalment_view(i, &payments)).collect(),
            late_payment: LatePaymentView {
                penalty_cents: account.late_payment.penalty_accrued.cents(),
                interest_cents: account.late_payment.interest_accrued.cents(),
                payable_cents: account.late_payment.payable.cents(),
                may_terminate: account.late_payment.may_terminate,
                derivation: account.late_payment_derivation.into(),
            },
            billable_cents: account.billable,
            payable_cents: payable,
            payable_capital: statement::capital(payable),
            allowed_actions,
        })
    }

    /// What the end of the contract on a day would mean.
    pub(crate) async fn termination(
        &self,
        ctx: &Ctx,
        id: ServiceContractId,
        query: &TerminationQuery,
    ) -> Result<TerminationView> {
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let path = visible_contract(ctx, &book, id).await?;
        let contract = &book.latest(id)?.contract;
        let ground = match query.ground.as_str() {
            "serious" => Ground::Serious,
            "grave" => Ground::Grave,
            _ => return Err(Error::field("ground", "ground_unknown", "serious or grave")),
        };
        let ended = parse_date("ended", &query.ended)?;
        let elapsed = u32::try_from(counting::days_between(contract.term_start, ended));
        let term = u32::try_from(contract.term_days());
        let outside = || Error::field("ended", "outside_term", "a day of the term");
        let (elapsed_days, term_days) = (elapsed.map_err(|_| outside())?, term.map_err(|_| outside())?);
        if elapsed_days > term_days {
            return Err(outside());
        }
        let payments = store::payments(&exec, id).await?;
        let paid: Cents = payments.iter().filter(|p| !p.reversed).map(|p| p.amount).sum();
        let found = payments::termination(contract, ground, elapsed_days, term_days, paid)
            .map_err(|e| terms_error(&e))?;
        let entry =
            AuditEntry::new("service_termination_computed").on(SETTLEMENT, id.uuid()).organisation(&path);
        ctx.platform().audit(ctx, entry).await?;
        Ok(TerminationView {
            elapsed_days,
            term_days,
            paid_cents: paid.cents(),
            payable_cents: found.value.payable.cents(),
            refund_cents: found.value.refund.cents(),
            still_due_cents: found.value.still_due.cents(),
            derivation: found.derivation.into(),
        })
    }
}

/// The instalments of a contract as they stand on a day.
pub(crate) async fn instalments(
    exec: &platform::Exec<'_>,
    book: &Book,
    edition: &Edition,
    as_of: Date,
) -> Result<Vec<Instalment>> {
    let payments = store::payments(exec, edition.contract_id).await?;
    let excuses = store::excuses(exec, edition.contract_id).await?;
    statement::instalments(edition, &book.calendar, &payments, &excuses, as_of)
}

pub fn instalment_view(instalment: &Instalment, payments: &[statement::Payment]) -> InstalmentState {
    InstalmentState {
        number: instalment.number,
        amount_cents: instalment.amount.cents(),
        due: instalment.due.as_ref().ok().map(ToString::to_string),
        blocked: instalment.due.as_ref().err().map(|e| e.code().to_owned()),
        paid_cents: instalment.paid.cents(),
        open_cents: instalment.open.cents(),
        days_late: instalment.days_late,
        excuse: instalment.excuse.as_ref().map(|(excuse, _)| excuse.as_str().to_owned()),
        excuse_evidence: instalment.excuse.as_ref().map(|(_, evidence)| evidence.clone()),
        payments: payments
            .iter()
            .filter(|p| p.instalment == instalment.number)
            .map(|p| PaymentView {
                id: p.id,
                paid_on: p.paid_on.to_string(),
                amount_cents: p.amount.cents(),
                note: p.note.clone(),
                reversed: p.reversed,
                recorded_by_name: p.recorded_by_name.clone(),
                recorded_at: p.recorded_at,
            })
            .collect(),
    }
}

/// Accepts for the party that the caller acts for. One person never accepts for both.
fn accept(ctx: &Ctx, row: &mut PenaltyRow, party_a: bool) -> Result<()> {
    let account = ctx.principal().account_id().map(AccountId::uuid);
    let other = if party_a { row.accepted_b_by } else { row.accepted_a_by };
    if account.is_some() && other == account {
        return Err(Error::conflict(
            "accepted_for_other_party",
            "one person does not accept for both parties",
        ));
    }
    if (if party_a { row.accepted_a_at } else { row.accepted_b_at }).is_some() {
        return Err(Error::conflict("accepted_already", "this party has accepted the amount"));
    }
    let (name, at) = (Some(ctx.principal().display_name.clone()), Some(ctx.now().micros()));
    if party_a {
        (row.accepted_a_by, row.accepted_a_name, row.accepted_a_at) = (account, name, at);
    } else {
        (row.accepted_b_by, row.accepted_b_name, row.accepted_b_at) = (account, name, at);
    }
    if row.accepted_a_at.is_some() && row.accepted_b_at.is_some() {
        row.state = PenaltyState::Confirmed.as_str().to_owned();
    }
    Ok(())
}

/// Books a settled amount: what stood is taken back, what was decided is added, and both parties have to accept it.
async fn decide(
    ctx: &Ctx,
    exec: &Exec<'_>,
    row: &mut PenaltyRow,
    decided: Cents,
    reason: &str,
) -> Result<()> {
    let lines = ledger::lines(exec, row.id).await?;
    let last = lines.last().ok_or_else(|| Error::internal("a penalty without lines"))?;
    let derivation: DerivationView = serde_json::from_str(&last.derivation).map_err(Error::internal)?;
    let standing = Cents::new(row.amount_cents).map_err(Error::internal)?;
    let line = |kind, amount| NewLine {
        kind,
        amount,
        contract_version: last.contract_version,
        derivation: &derivation,
        reason: Some(reason),
    };
    ledger::add_line(exec, ctx, row, line("counter", -standing)).await?;
    ledger::add_line(exec, ctx, row, line("decision", decided)).await?;
    row.needs_choice = false;
    ledger::reopen(row);
    Ok(())
}

async fn note_money(
    tx: &mut platform::Tx,
    ctx: &Ctx,
    contract: ServiceContractId,
    path: &str,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_settlement_changed")
        .on(SETTLEMENT, contract.uuid())
        .organisation(path)
        .detail(serde_json::json!({"step": step}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "settlement".into(),
        id: contract.uuid(),
        state: step.to_owned(),
        organisation_path: path.to_owned(),
    })
    .await
}

/// What other readings would give, for paper: `repeat = linear, s1_late = literal`.
pub fn other_reading_text(text: &str) -> String {
    let one = |part: &str| match part.split_once(" = ") {
        Some((name, value)) => reading_text(name, value),
        None => service_terms::chinese(part),
    };
    text.split(", ").map(one).collect::<Vec<_>>().join("；")
}

/// A chosen reading in the words of the contract's parties.
pub fn reading_text(name: &str, value: &str) -> String {
    let text = match (name, value) {
        ("repeat", "compound") => "重复发生：按上次基本金额的1.5倍",
        ("repeat", "linear") => "重复发生：每次加首次金额的50%",
        ("repeat", "compound_with_late") => "重复发生：按上次含超时金额的1.5倍",
        ("s1_late", "percentage_point") => "特别重大超时：加年费1个百分点",
        ("s1_late", "literal") => "特别重大超时：金额乘1.01",
        ("year", "contract") => "重复次数按合同年度",
        ("year", "calendar") => "重复次数按自然年度",
        ("complaints", "max") => "多处投诉：取最高倍数",
        ("complaints", "product") => "多处投诉：倍数相乘",
        ("business", "replace") => "影响业务：以500元替代",
        ("business", "additive") => "影响业务：另加500元",
        ("business", "multiplied") => "影响业务：500元乘投诉倍数",
        ("feedback_hours", "natural") => "反馈时限：自然小时",
        ("feedback_hours", "working") => "反馈时限：工作日",
        ("cap", "whole contract") => "上限：整个合同",
        ("base", _) => "以该项目自身费用为基数，由双方协商",
        ("institutions", _) => "基层与二级以上机构合并计数",
        ("report", _) => "时限针对恢复，报告在其后24小时内",
        ("termination", _) => "解除权按未封顶的违约金计算",
        ("reasonable_fees", _) => "合理费用按日折算",
        ("due", _) => "遇休息日不顺延",
        _ => return format!("{name}：{value}"),
    };
    text.to_owned()
}
