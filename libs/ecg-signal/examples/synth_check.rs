//! Prints what the analysis says about each synthetic rhythm.
#![allow(clippy::print_stdout, reason = "a program for developers")]
use ecg_signal::{Criteria, Signal, analyze_resting, diagnose_rhythm, synth::*};
fn main() {
    let criteria = Criteria::builtin();
    for rhythm in SynthRhythm::ALL {
        for seed in 0..6 {
            let spec = SynthSpec::new(rhythm, seed);
            let ecg = synthesize(&spec);
            let leads = ecg.leads.iter().map(|(l, x)| (*l, x.as_slice())).collect();
            let signal = Signal { sample_rate_hz: ecg.sample_rate_hz, leads };
            let Ok(a) = analyze_resting(&signal, &spec.subject, &criteria) else { continue };
            let codes: Vec<&str> = a.statements.iter().map(|s| s.code).collect();
            let g = &a.global;
            let t = &ecg.truth.beats[ecg.truth.beats.len()/2]; let ms=|a:usize,b:usize| (b as f64-a as f64)*2.0; println!("T p{:?} pr{:?} qrs{} qt{} P {:?} {rhythm:?} {seed} hr {:.0}/{:.0} pr {:?} qrs {:?} qt {:?} axis {:.0}/{:.0} {} | {}", t.p_on.zip(t.p_off).map(|(a,b)|ms(a,b)), t.p_on.map(|a|ms(a,t.qrs_on)), ms(t.qrs_on,t.qrs_off), ms(t.qrs_on,t.t_off), g.p_duration_ms, g.heart_rate_bpm.unwrap_or(0.0), spec.heart_rate_bpm, g.pr_ms, g.qrs_ms, g.qt_ms, g.qrs_axis_deg.unwrap_or(0.0), spec.qrs_axis_deg, codes.join(" "), diagnose_rhythm(&signal, &criteria));
        }
    }
}
