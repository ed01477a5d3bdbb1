//! Lead names: many spellings, one canonical form.

/// The canonical name of an ECG lead, or the text as written when it is none.
///
/// Canonical are `I II III aVR aVL aVF V1`…`V9 V3R`…`V9R X Y Z`. Prefixes of coding schemes (`MDC_ECG_LEAD_`),
/// the words "Lead" and "ECG", and case are ignored; `MLII` and other Holter names stay as written.
#[must_use]
pub fn canonical_label(written: &str) -> String {
    let trimmed = crate::text::clean(written);
    known(&trimmed).map_or(trimmed, str::to_owned)
}

fn known(label: &str) -> Option<&'static str> {
    let upper = label.to_ascii_uppercase();
    let mut core = upper.as_str();
    for prefix in ["MDC_ECG_LEAD_", "ECG LEAD ", "LEAD ", "LEAD_", "ECG ", "EKG ", "ECG_", "LEAD"] {
        if let Some(rest) = core.strip_prefix(prefix) {
            core = rest.trim();
            break;
        }
    }
    if let Some((name, _)) = core.split_once(" (") {
        core = name.trim();
    }
    Some(match core {
        "I" | "DI" => "I",
        "II" | "DII" => "II",
        "III" | "DIII" => "III",
        "AVR" => "aVR",
        "AVL" => "aVL",
        "AVF" => "aVF",
        "V1" => "V1",
        "V2" => "V2",
        "V3" => "V3",
        "V4" => "V4",
        "V5" => "V5",
        "V6" => "V6",
        "V7" => "V7",
        "V8" => "V8",
        "V9" => "V9",
        "V3R" => "V3R",
        "V4R" => "V4R",
        "V5R" => "V5R",
        "V6R" => "V6R",
        "V7R" => "V7R",
        "V8R" => "V8R",
        "V9R" => "V9R",
        "X" | "VX" => "X",
        "Y" | "VY" => "Y",
        "Z" | "VZ" => "Z",
        _ => return None,
    })
}

/// Whether a channel name says that it is not an electrocardiogram (pressure, respiration, pulse, EEG…).
///
/// Needed where the unit is a voltage or absent; names not listed are taken as ECG.
pub(crate) fn is_other_signal(label: &str) -> bool {
    const WORDS: [&str; 25] = [
        "RESP", "PLETH", "ABP", "ART", "BP", "PAP", "CVP", "ICP", "SPO2", "SAO2", "PPG", "EMG", "EEG", "EOG",
        "CO2", "TEMP", "AIRFLOW", "THOR", "ABDO", "FLOW", "SOUND", "NASAL", "POSITION", "LIGHT", "STATUS",
    ];
    let upper = label.to_ascii_uppercase();
    upper
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| WORDS.iter().any(|known| word == *known || (known.len() > 3 && word.starts_with(known))))
}

/// SCP-ECG lead identifiers (EN 1064, table of section 3); DICOM codes `5.6.3-9-n` use the same numbers.
pub(crate) fn scp_lead(id: u32) -> Option<&'static str> {
    const FIRST: [&str; 16] =
        ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V2R", "V3R", "V4R", "V5R", "V6R", "V7R", "X"];
    match id {
        1..=16 => usize::try_from(id - 1).ok().and_then(|index| FIRST.get(index).copied()),
        17 => Some("Y"),
        18 => Some("Z"),
        61 => Some("III"),
        62 => Some("aVR"),
        63 => Some("aVL"),
        64 => Some("aVF"),
        65 => Some("-aVR"),
        66 => Some("V8"),
        67 => Some("V9"),
        68 => Some("V8R"),
        69 => Some("V9R"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical_label, is_other_signal};

    #[test]
    fn spellings_seen_in_files() {
        for (written, canonical) in [
            ("MDC_ECG_LEAD_AVR", "aVR"),
            ("Lead I (Einthoven)", "I"),
            ("avf", "aVF"),
            ("ECG II", "II"),
            ("v6", "V6"),
            ("vx", "X"),
            ("MLII", "MLII"),
            ("ECG1", "ECG1"),
        ] {
            assert_eq!(canonical_label(written), canonical);
        }
        assert!(is_other_signal("RESP") && is_other_signal("Resp. chest") && is_other_signal("PLETH"));
        assert!(!is_other_signal("V5") && !is_other_signal("ECG 1") && !is_other_signal("noise"));
    }
}
