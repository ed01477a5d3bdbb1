//! The streaming detector against the batch form, record by record.

use std::path::Path;

use ecg_signal::{beats::classify_beats, detect::detect_qrs, stream::LiveBeats};

use super::detection::{compare, mit_records};

/// A second at a time.
pub fn report(root: &Path) {
    println!("\n## Streaming against batch (MIT-BIH records, both leads, a second at a time)");
    let (mut beats, mut only_batch, mut only_live, mut moved, mut classes) = (0, 0, 0, 0, 0);
    for record in mit_records(root) {
        let views: Vec<&[f32]> = record.leads.iter().map(Vec::as_slice).collect();
        let batch = classify_beats(&views, record.fs, &detect_qrs(&views, record.fs));
        let mut stream = LiveBeats::new(views.len(), record.fs);
        let mut live = Vec::new();
        for from in (0..views[0].len()).step_by(record.fs as usize) {
            let to = (from + record.fs as usize).min(views[0].len());
            let part: Vec<&[f32]> = views.iter().map(|x| &x[from..to]).collect();
            live.extend(stream.push(&part));
        }
        live.extend(stream.finish());
        let at = |list: &[ecg_signal::beats::ClassifiedBeat]| -> Vec<usize> {
            list.iter().map(|b| b.sample).collect()
        };
        let t = compare(&at(&batch), &at(&live), (0.15 * record.fs) as usize);
        let same: Vec<bool> = batch
            .iter()
            .filter_map(|b| live.iter().find(|l| l.sample == b.sample).map(|l| l.class == b.class))
            .collect();
        let other = same.iter().filter(|same| !**same).count();
        println!(
            "{}: {} beats, {} in batch alone, {} in the stream alone, {} elsewhere, {other} of another class",
            record.name,
            batch.len(),
            t.fn_,
            t.fp,
            t.tp - same.len(),
        );
        beats += batch.len();
        only_batch += t.fn_;
        only_live += t.fp;
        moved += t.tp - same.len();
        classes += other;
    }
    println!(
        "all: {beats} beats, {only_batch} in batch alone, {only_live} in the stream alone, {moved} elsewhere, {classes} of another class"
    );
}
