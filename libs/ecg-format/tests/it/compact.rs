//! The storage container: exactness, windows and refusal of damage.

use ecg_format::{Lead, compact};

use crate::samples::recording;

fn same(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x == y || (x.is_nan() && y.is_nan()))
}

#[test]
fn real_recordings_come_back_exactly_in_sixteen_bits() {
    for files in [
        &["mitdb/101.hea", "mitdb/101.dat"][..],
        &["formats/scp/Example.scp"],
        &["formats/muse/example1.xml"],
        &["formats/dicom/anonymous_ecg.dcm"],
        &["ludb/data/1.hea", "ludb/data/1.dat"],
        &["formats/wfdb/test01_00s_skew.hea", "formats/wfdb/test01_00s.dat"],
    ] {
        let Some(record) = recording(files) else { return };
        let bytes = compact::encode(&record);
        let header = compact::Header::parse(&bytes).unwrap();
        assert_eq!(header.sample_bytes, 2, "{files:?}");
        assert_eq!(header.total_len(), bytes.len() as u64);
        let back = compact::decode(&bytes).unwrap();
        for (lead, stored) in record.leads.iter().zip(&back.leads) {
            assert_eq!(lead.label, stored.label);
            assert!(same(&lead.samples_uv, &stored.samples_uv), "{files:?} {}", lead.label);
        }
    }
}

#[test]
fn any_window_needs_only_its_own_bytes() {
    let samples: Vec<f32> = (0..1_030).map(|i| (i % 700) as f32 * 2.5).collect();
    let leads: Vec<Lead> = ["I", "II"]
        .map(|label| Lead { label: label.to_owned(), samples_uv: samples.clone(), resolution_uv: 2.5 })
        .into();
    let bytes = compact::encode_leads(100.0, &leads);
    let header = compact::Header::parse(&bytes[..compact::header_len(&bytes).unwrap()]).unwrap();
    // 40 + 2 × 32 bytes of header, 11 blocks of 2 leads × 100 samples × 2 bytes.
    assert_eq!((header.len(), bytes.len()), (104, 104 + 11 * 400));
    assert_eq!(header.byte_range(250, 100), 104 + 800..104 + 1_600);
    for (start, count) in [(0, 1_030), (250, 100), (0, 1), (999, 31), (1_029, 5), (2_000, 10), (100, 100)] {
        let range = header.byte_range(start, count);
        let chunk = &bytes[range.start as usize..range.end as usize];
        let window = compact::read_window(&header, start, count, chunk).unwrap();
        let from = (start as usize).min(1_030);
        let to = ((start + count) as usize).min(1_030);
        assert!(same(&window.leads[1].samples_uv, &samples[from..to]), "{start} {count}");
    }
    let range = header.byte_range(0, 500);
    let short = &bytes[range.start as usize..range.end as usize - 1];
    assert_eq!(compact::read_window(&header, 0, 500, short).unwrap_err().code, "truncated");
}

#[test]
fn wide_and_uneven_values_keep_their_precision() {
    let lead = |samples_uv: Vec<f32>, resolution_uv| Lead {
        label: "导联一二三四五六七八九十".to_owned(),
        samples_uv,
        resolution_uv,
    };
    let wide = lead(vec![1.0e6, -3.0e6, f32::NAN, 2.5], 2.5);
    let uneven = lead(vec![0.1, 0.333_333, -7.7, 1_000.0], 5.0);
    let bytes = compact::encode_leads(250.0, &[wide.clone(), uneven.clone()]);
    let back = compact::decode(&bytes).unwrap();
    assert_eq!(compact::Header::parse(&bytes).unwrap().sample_bytes, 4);
    assert!(same(&back.leads[0].samples_uv, &wide.samples_uv));
    for (a, b) in back.leads[1].samples_uv.iter().zip(&uneven.samples_uv) {
        assert!((a - b).abs() < 1e-5);
    }
    assert_eq!(back.leads[0].label, "导联一二三四五六");
}

#[test]
fn damaged_containers_are_refused() {
    let lead = Lead { label: "I".to_owned(), samples_uv: vec![1.0; 300], resolution_uv: 1.0 };
    let bytes = compact::encode_leads(100.0, &[lead]);
    for end in 0..bytes.len() {
        assert!(compact::decode(&bytes[..end]).is_err(), "{end}");
    }
    for bit in 0..72 * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(compact::decode(&changed).is_err(), "header bit {bit}");
    }
}
