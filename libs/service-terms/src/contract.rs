//! The contract as data.

use crate::{Cents, Factor, TermsError};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The contract that comes with the program.
const LIYANG_2024: &str = include_str!("../../../definitions/contracts/liyang-2024.toml");

/// One version of a service contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    pub code: String,
    pub name: String,
    pub party_a: String,
    pub party_b: String,
    pub signed: Date,
    pub term_start: Date,
    /// The last day, to its 24:00.
    pub term_end: Date,
    pub total: Cents,
    pub vat_rate: Factor,
    /// Hours of an institution that has none of its own, such as `08:00-17:30`.
    pub working_hours: Vec<String>,
    /// Why the clock of handling may stand still; the clock of the response never does.
    #[serde(default = "pause_grounds")]
    pub pause_grounds: Vec<PauseGround>,
    pub items: Vec<Item>,
    pub payments: Vec<Payment>,
    pub figures: Figures,
    pub readings: Readings,
}

/// Why handling waits and nobody is late (7.2, 10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseGround {
    /// Party A or an institution has to do something first.
    PartyA,
    ForceMajeure,
}

fn pause_grounds() -> Vec<PauseGround> {
    vec![PauseGround::PartyA, PauseGround::ForceMajeure]
}

/// One line of the price list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub code: String,
    /// Other codes by which the item is called.
    #[serde(default)]
    pub aliases: Vec<String>,
    pub name_zh: String,
    pub name_en: String,
    /// For one year, tax included.
    pub price: Cents,
    pub parts: Parts,
    /// Whether the fines for incidents apply: software subsystems only.
    pub incident_fines: bool,
    #[serde(default)]
    pub equipment: Vec<Equipment>,
}

/// Who pays for parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parts {
    /// Included in the price.
    Free,
    /// Billed to party A.
    Billable,
    /// Software: there are none.
    None,
}

/// Equipment under an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    pub name: String,
    pub count: u16,
}

/// One instalment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub share: Factor,
    /// `signed` or `term_end`.
    pub after: String,
    pub days: i32,
}

/// Every number of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names are those of the clauses, explained in the contract file")]
pub struct Figures {
    pub late_delivery_daily: Factor,
    pub late_delivery_cap: Factor,
    pub late_payment_daily: Factor,
    pub late_payment_interest_daily: Factor,
    pub late_payment_cap: Factor,
    pub incident_rate_s1: Factor,
    pub incident_rate_s2: Factor,
    pub incident_rate_s3: Factor,
    pub incident_repeat_factor: Factor,
    pub incident_limit_s1_min: i64,
    pub incident_limit_s2_min: i64,
    pub incident_limit_s3_min: i64,
    pub incident_report_after_min: i64,
    pub incident_notice_min: i64,
    pub response_working_min: i64,
    pub response_other_min: i64,
    pub question_min: i64,
    pub approval_amount: Cents,
    pub feedback_ordinary_min: i64,
    pub feedback_complex_min: i64,
    pub feedback_fine: Cents,
    pub milestone_fine: Cents,
    pub milestone_business_fine: Cents,
    pub complaint_city_factor: Factor,
    pub complaint_bureau_factor: Factor,
    pub unfiled_leave_fine: Cents,
    pub unfiled_leave_interview_from: u32,
    pub late_duty_fine: Cents,
    pub no_reply_least: Cents,
    pub no_reply_most: Cents,
    pub roster_due_day: i8,
    pub renewal_notice_days: i32,
    pub termination_share: Factor,
    pub security_breach_share: Factor,
    /// Not in the text, which says at once: a default of ours. Contracts from before this was a figure have it too.
    #[serde(default = "vulnerability_report_min")]
    pub vulnerability_report_min: i64,
    /// Not in the text: a default of ours, as the one above.
    #[serde(default = "security_report_before_end_days")]
    pub security_report_before_end_days: i32,
}

fn vulnerability_report_min() -> i64 {
    1440
}

fn security_report_before_end_days() -> i32 {
    30
}

/// Makes an enumeration of readings with its texts, all of them, and the reading of a text.
macro_rules! reading {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in contract files and cases.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub(crate) fn from_text(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reading| reading.as_str() == text)
            }
        }
    };
}

reading! {
    /// A1: what "处罚金额增加1%" adds to a late S1 incident.
    S1LateReading {
        /// One percent of the subsystem's fee, the base of the 1 % itself; keeps a late S1 above a late S2.
        PercentagePoint = "percentage_point",
        /// The fine times 1.01.
        Literal = "literal",
    }
}

reading! {
    /// A2: how a repeated incident of one kind is fined.
    RepeatReading {
        /// 1.5 times the basic fine before it.
        Compound = "compound",
        /// Half of the first fine more, each time.
        Linear = "linear",
        /// 1.5 times the fine before it with its surcharge for lateness.
        CompoundWithLate = "compound_with_late",
    }
}

reading! {
    /// A3: the year in which repetitions count.
    YearReading { Contract = "contract", Calendar = "calendar" }
}

reading! {
    /// Complaints to several: the greatest factor, or all multiplied.
    ComplaintReading { Max = "max", Product = "product" }
}

reading! {
    /// What a complaint, or harm to business, raises: the missed date that it is about, or every missed date of its milestone.
    ComplaintScopeReading { Date = "date", Milestone = "milestone" }
}

impl Default for ComplaintScopeReading {
    /// "/次": each missed date is a matter of its own.
    fn default() -> Self {
        Self::Date
    }
}

reading! {
    /// A missed milestone that affects business: 500 in place of 200, besides it, or with the factor of a complaint.
    BusinessReading { Replace = "replace", Additive = "additive", Multiplied = "multiplied" }
}

reading! {
    /// The 24 and 72 hours of feedback.
    FeedbackReading { Natural = "natural", Working = "working" }
}

reading! {
    /// Where the half hour for an ordinary question begins.
    QuestionReading { Response = "response", Opening = "opening" }
}

/// The reading chosen for each clause that has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readings {
    pub s1_late: S1LateReading,
    pub repeat: RepeatReading,
    pub year: YearReading,
    pub complaints: ComplaintReading,
    /// Contracts from before this was a reading have the default.
    #[serde(default)]
    pub complaint_scope: ComplaintScopeReading,
    pub business: BusinessReading,
    pub feedback_hours: FeedbackReading,
    pub question_start: QuestionReading,
}

impl Readings {
    /// Switches one reading by its name and value.
    ///
    /// # Errors
    /// A name or value that does not exist, with those that do.
    pub fn switch(&mut self, name: &str, value: &str) -> Result<(), TermsError> {
        fn set<T: Copy>(slot: &mut T, found: Option<T>, all: &[&str], value: &str) -> Result<(), TermsError> {
            let found = found.ok_or_else(|| {
                TermsError::invalid("reading", format!("{value:?} is none of {}", all.join(", ")))
            })?;
            *slot = found;
            Ok(())
        }
        macro_rules! slots {
            ($($field:ident: $kind:ident),+) => {
                match name {
                    $(stringify!($field) => {
                        let all: Vec<&str> = $kind::ALL.iter().map(|r| r.as_str()).collect();
                        set(&mut self.$field, $kind::from_text(value), &all, value)
                    })+
                    _ => Err(TermsError::invalid(
                        "reading",
                        format!("{name:?} is none of {}", [$(stringify!($field)),+].join(", ")),
                    )),
                }
            };
        }
        slots!(s1_late: S1LateReading, repeat: RepeatReading, year: YearReading, complaints: ComplaintReading,
            complaint_scope: ComplaintScopeReading, business: BusinessReading, feedback_hours: FeedbackReading, question_start: QuestionReading)
    }

    /// Switches the reading that has this value, where only one has.
    pub(crate) fn switch_by_value(&mut self, value: &str) -> Result<(), TermsError> {
        let names = [
            "s1_late",
            "repeat",
            "year",
            "complaints",
            "complaint_scope",
            "business",
            "feedback_hours",
            "question_start",
        ];
        for name in names {
            let mut copy = *self;
            if copy.switch(name, value).is_ok() {
                *self = copy;
                return Ok(());
            }
        }
        Err(TermsError::invalid("reading", format!("no reading has the value {value:?}")))
    }
}

impl Contract {
    /// The service contract of Liyang of 2024-11-28.
    ///
    /// # Errors
    /// Never with the file as it is.
    pub fn liyang_2024() -> Result<Self, TermsError> {
        Self::from_toml(LIYANG_2024)
    }

    /// Reads a contract file.
    ///
    /// # Errors
    /// [`TermsError::Definition`]: unreadable, with the place; prices that do not add up; an item named twice; a term that
    /// ends before it begins.
    pub fn from_toml(text: &str) -> Result<Self, TermsError> {
        let contract: Self = toml::from_str(text).map_err(|e| TermsError::Definition(e.to_string()))?;
        contract.check()?;
        Ok(contract)
    }

    /// # Errors
    /// As [`Contract::from_toml`].
    pub fn check(&self) -> Result<(), TermsError> {
        let wrong = |reason: String| Err(TermsError::Definition(reason));
        let sum: Cents = self.items.iter().map(|item| item.price).sum();
        if sum != self.total {
            return wrong(format!("the items add up to {sum}, the total is {}", self.total));
        }
        if self.items.iter().any(|item| item.price < Cents::ZERO) {
            return wrong("an item costs less than nothing".to_owned());
        }
        for (n, item) in self.items.iter().enumerate() {
            if self.items.iter().skip(n + 1).any(|other| other.is_called(&item.code)) {
                return wrong(format!("two items are called {}", item.code));
            }
        }
        if self.term_end < self.term_start {
            return wrong("the term ends before it begins".to_owned());
        }
        let mut shares = Cents::ZERO;
        for payment in &self.payments {
            shares = shares + self.total.times(payment.share)?;
            if !matches!(payment.after.as_str(), "signed" | "term_end") {
                return wrong(format!(
                    "a payment is due after {:?}, neither signed nor term_end",
                    payment.after
                ));
            }
        }
        if shares != self.total {
            return wrong(format!("the payments add up to {shares}, the total is {}", self.total));
        }
        cn_calendar::Hours::parse(&self.working_hours).map_err(|e| TermsError::Definition(e.to_string()))?;
        Ok(())
    }

    /// An item by its code or another name of it.
    ///
    /// # Errors
    /// [`TermsError::ItemUnknown`].
    pub fn item(&self, code: &str) -> Result<&Item, TermsError> {
        self.items
            .iter()
            .find(|item| item.is_called(code))
            .ok_or_else(|| TermsError::ItemUnknown(code.to_owned()))
    }

    /// Days of the term, for what is paid by the day: 365 from 2024-11-28 to 2025-11-28.
    pub fn term_days(&self) -> i32 {
        cn_calendar::counting::days_between(self.term_start, self.term_end)
    }
}

impl Item {
    fn is_called(&self, code: &str) -> bool {
        self.code == code || self.name_zh == code || self.aliases.iter().any(|alias| alias == code)
    }
}
