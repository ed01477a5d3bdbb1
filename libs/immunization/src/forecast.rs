//! Choice of the series that fits the history, and the forecast of its next dose.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::assess::{Due, Forecast, SeriesStatus};
use crate::evaluate::{Known, Run, age_rule};
use crate::pack::{Context, Dose, Group, Label, Product};

/// The best series: complete before open, possible before impossible, then more valid doses, fewer to come, and the
/// order of the schedule.
pub(crate) fn choose<'a>(known: &Known<'a>, runs: Vec<Run<'a>>) -> Option<Run<'a>> {
    let mut best: Option<(Run<'a>, _)> = None;
    for mut run in runs {
        let as_of = known.person.as_of;
        let open = run.open_dose(known, Context::Forecast, as_of);
        let possible = open.is_none_or(|d| {
            !is_past(known, &run, d) && (offered(known, &run, d, as_of).iter().any(|p| !is_barred(known, p)))
        });
        let valid = run.counted.len();
        let to_come = run.series.dose.len().saturating_sub(run.target);
        let rank = (open.is_none(), possible, valid, std::cmp::Reverse(to_come));
        if best.as_ref().is_none_or(|(_, r)| rank > *r) {
            best = Some((run, rank));
        }
    }
    best.map(|(run, _)| run)
}

fn is_barred(known: &Known<'_>, product: &Product) -> bool {
    known.barred.iter().any(|(p, _)| *p == product.code)
}

/// Past the age at which the dose is given or begun.
fn is_past<'a>(known: &Known<'a>, run: &Run<'a>, dose: &'a Dose) -> bool {
    last_age(known, first_offered(known, run, dose), dose).is_some_and(|d| known.person.as_of >= d)
}

fn first_offered<'a>(known: &Known<'a>, run: &Run<'a>, dose: &'a Dose) -> &'a str {
    offered(known, run, dose, known.person.as_of).first().map_or("", |p| p.code.as_str())
}

fn last_age(known: &Known<'_>, product: &str, dose: &Dose) -> Option<Date> {
    let age = age_rule(dose, known.person.as_of, product)?;
    let limits = [age.max, age.forecast_max];
    limits.into_iter().flatten().map(|a| known.at_age(a)).min()
}

/// Products to offer for a dose on a day, contraindicated ones included; when all offered ones are contraindicated, what
/// else is accepted.
fn offered<'a>(known: &Known<'a>, run: &Run<'a>, dose: &'a Dose, day: Date) -> Vec<&'a Product> {
    let pack = known.pack;
    let sexed = |p: &&Product| p.sex.is_none_or(|s| known.person.sex == Some(s));
    let find = |codes: &[String]| -> Vec<&'a Product> {
        codes.iter().filter_map(|c| pack.product.iter().find(|p| p.code == *c)).filter(sexed).collect()
    };
    let in_time: Vec<String> = dose
        .accept
        .iter()
        .filter(|a| a.age_before.is_none_or(|age| day < known.at_age(age)))
        .flat_map(|a| a.products.clone())
        .collect();
    let accepted = match (in_time.is_empty(), dose.products.is_empty()) {
        (false, _) => &in_time,
        (true, false) => &dose.products,
        (true, true) => &run.series.products,
    };
    let offer = dose.offer.iter().find(|o| {
        o.when.as_ref().is_none_or(|c| run.count_holds(known, c, tomorrow(known)))
            && o.age_from.is_none_or(|a| day >= known.at_age(a))
    });
    let first = match offer {
        Some(offer) => find(&offer.products),
        None => find(accepted).into_iter().take(1).collect(),
    };
    if first.iter().all(|p| is_barred(known, p)) {
        let others: Vec<&Product> = find(accepted).into_iter().filter(|p| !is_barred(known, p)).collect();
        if !others.is_empty() {
            return others;
        }
    }
    first
}

/// Doses given today are already behind the next one.
fn tomorrow(known: &Known<'_>) -> Date {
    known.person.as_of.checked_add(1.day()).unwrap_or(known.person.as_of)
}

fn text(label: &Label) -> String {
    if label.en.is_empty() { label.zh.clone() } else { format!("{} ({})", label.zh, label.en) }
}

/// The answer for a group that has no series for this person.
pub(crate) fn no_series(group: &Group) -> Forecast {
    blank(group, None, SeriesStatus::NotApplicable)
}

fn blank(group: &Group, series: Option<&str>, status: SeriesStatus) -> Forecast {
    Forecast {
        group: group.code.clone(),
        name: text(&group.name),
        series: series.map(str::to_owned),
        status,
        dose: None,
        products: Vec::new(),
        earliest: None,
        recommended: None,
        latest: None,
        last_day: None,
        due: None,
        notes: Vec::new(),
    }
}

pub(crate) fn forecast_group(known: &Known<'_>, run: &Run<'_>, group: &Group) -> Forecast {
    let as_of = known.person.as_of;
    let mut answer = blank(group, Some(&run.series.id), SeriesStatus::NotComplete);
    let about = |list: &[(&str, &Label)], code: &str| -> Vec<String> {
        list.iter().filter(|(c, _)| *c == code).map(|(_, l)| text(l)).collect()
    };
    answer.notes.extend(about(&known.group_notes, &group.code));
    let group_notes = answer.notes.len();
    let Some(dose) = run.series.dose.get(run.target).or_else(|| run.series.dose.last()) else {
        return answer;
    };
    for (list, status) in
        [(&known.immune, SeriesStatus::Immune), (&known.barred_groups, SeriesStatus::Contraindicated)]
    {
        let found = about(list, &group.code);
        if !found.is_empty() {
            answer.status = status;
            answer.notes.extend(found);
            return answer;
        }
    }
    if run.is_complete() {
        answer.status = SeriesStatus::Complete;
        return answer;
    }
    answer.dose = Some(run.target + 1);
    // What is offered can depend on the age at which the dose will be possible: DT in place of DTaP from 7 years.
    let mut products = offered(known, run, dose, as_of);
    dates(known, run, dose, &products, &mut answer);
    if let Some(day) = answer.earliest.filter(|day| *day > as_of) {
        products = offered(known, run, dose, day);
    }
    (answer.earliest, answer.recommended, answer.latest, answer.last_day, answer.due) =
        (None, None, None, None, None);
    answer.notes.truncate(group_notes);
    let (offered, barred): (Vec<&Product>, Vec<&Product>) =
        products.into_iter().partition(|p| !is_barred(known, p));
    if offered.is_empty() {
        answer.status = SeriesStatus::Contraindicated;
        answer.notes.extend(barred.iter().flat_map(|p| about(&known.barred, &p.code)));
        return answer;
    }
    answer.products = offered.iter().map(|p| p.code.clone()).collect();
    if let Some(note) = &dose.note
        && dose.note_from.is_none_or(|a| as_of >= known.at_age(a))
    {
        answer.notes.push(text(note));
    }
    answer.notes.extend(offered.iter().flat_map(|p| about(&known.notes, &p.code)));
    dates(known, run, dose, &offered, &mut answer);
    let limit = last_age(known, offered.first().map_or("", |p| p.code.as_str()), dose);
    if limit.is_some_and(|d| as_of >= d || answer.earliest.is_some_and(|e| e >= d)) {
        answer.status = SeriesStatus::AgedOut;
        (answer.earliest, answer.recommended, answer.latest, answer.due) = (None, None, None, None);
        answer.products.clear();
        answer.notes.truncate(group_notes);
        answer.dose = None;
        return answer;
    }
    let mut deferred = about(&known.deferred_groups, &group.code);
    deferred.extend(offered.iter().take(1).flat_map(|p| about(&known.deferred, &p.code)));
    if !deferred.is_empty() {
        answer.status = SeriesStatus::Deferred;
        answer.notes.extend(deferred);
        answer.due = None;
    }
    answer
}

fn dates(known: &Known<'_>, run: &Run<'_>, dose: &Dose, offered: &[&Product], answer: &mut Forecast) {
    let person = known.person;
    let as_of = person.as_of;
    let age = age_rule(dose, as_of, offered.first().map_or("", |p| p.code.as_str()));
    let extra = run.target >= run.series.dose.len();
    let mut earliest = person.birth;
    let mut recommended = person.birth;
    let mut latest = None;
    if let Some(age) = age.filter(|_| !extra) {
        let from = |p| known.at_age(p);
        earliest = earliest.max(age.min.or(age.absolute).map_or(earliest, from));
        let advised = age.recommended.or(age.min).map(|p| p.after(person.birth, known.recommended()));
        recommended = recommended.max(advised.unwrap_or(recommended));
        latest = age.before.map(|p| p.after(person.birth, known.recommended()));
        answer.last_day = age.max.map(from).and_then(|d| d.checked_sub(1.day()).ok());
    }
    if dose
        .interval
        .iter()
        .any(|i| i.overrides_age && run.interval_start(known, i, tomorrow(known)).is_some())
    {
        recommended = person.birth;
    }
    for interval in &dose.interval {
        let Some(start) = run.interval_start(known, interval, tomorrow(known)) else { continue };
        earliest = earliest.max(interval.min.after(start, known.minimum()));
        let advised = interval.recommended.unwrap_or(interval.min).after(start, known.recommended());
        recommended = recommended.max(advised);
        if let Some(before) = interval.before {
            let end = before.after(start, known.recommended());
            latest = Some(latest.map_or(end, |l: Date| l.max(end)));
        }
    }
    // Of several products the one that can be given first decides.
    let spacing = offered.iter().map(|p| known.spacing(p, tomorrow(known))).min_by_key(|s| s.map(|(d, _)| d));
    if let Some((day, live)) = spacing.flatten()
        && day > earliest
    {
        earliest = day;
        if day > as_of {
            answer.notes.push(if live {
                "与其他注射减毒活疫苗间隔 (interval after another live vaccine)".to_owned()
            } else {
                "使用免疫球蛋白后间隔 (interval after immunoglobulin)".to_owned()
            });
        }
    }
    recommended = recommended.max(earliest);
    if latest.is_none() && !extra {
        // Without a stated end the schedule's general tolerance applies.
        latest = known.pack.schedule.overdue_after.map(|p| p.after(recommended, known.recommended()));
    }
    let latest = latest.and_then(|d| d.checked_sub(1.day()).ok());
    answer.due = Some(if as_of < earliest {
        Due::Upcoming
    } else if latest.is_some_and(|d| as_of > d) {
        Due::Overdue
    } else if as_of < recommended {
        Due::Allowed
    } else {
        Due::Due
    });
    (answer.earliest, answer.recommended, answer.latest) = (Some(earliest), Some(recommended), latest);
}
