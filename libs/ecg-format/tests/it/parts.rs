//! Records read part by part against the same records read whole, which second programs agree with.

use std::io::Read;

use ecg_format::wfdb::{Parts, read_header};
use ecg_format::{ReadError, SourceFile};

/// A reader that gives a few bytes at a time, as a network does.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.by_ref().take(13).read(buffer)
    }
}

fn by_parts(header: &str, data: &[u8], frames: usize) -> Option<Result<Vec<Vec<f32>>, ReadError>> {
    let mut parts = Parts::new(read_header(header.as_bytes()).unwrap(), Slow(data), frames)?;
    let mut leads: Vec<Vec<f32>> = Vec::new();
    loop {
        match parts.next_part() {
            Ok(Some(part)) => {
                leads.resize(part.leads.len(), Vec::new());
                for (all, lead) in leads.iter_mut().zip(part.leads) {
                    all.extend(lead.samples_uv);
                }
            }
            Ok(None) => return Some(Ok(leads)),
            Err(error) => return Some(Err(error)),
        }
    }
}

fn whole(header: &str, data: &[u8]) -> Result<Vec<Vec<f32>>, ReadError> {
    let files =
        [SourceFile { name: "r.hea", bytes: header.as_bytes() }, SourceFile { name: "r.dat", bytes: data }];
    Ok(ecg_format::read(&files)?.leads.into_iter().map(|lead| lead.samples_uv).collect())
}

/// Missing samples are equal to missing samples.
fn bits(leads: &[Vec<f32>]) -> Vec<Vec<u32>> {
    leads.iter().map(|lead| lead.iter().map(|v| v.to_bits()).collect()).collect()
}

#[test]
fn parts_joined_are_the_record() {
    let data: Vec<u8> = (0..24_000_u32).map(|i| (i * i / 7 + i) as u8).collect();
    for (format, bits_per_sample) in [(80, 8), (212, 12), (16, 16), (61, 16), (160, 16), (24, 24), (32, 32)] {
        for signals in 1..=3 {
            for (offset, declared) in [(0, true), (512, true), (0, false)] {
                let frames = (data.len() - offset) * 8 / bits_per_sample / signals;
                let count = if declared { frames.to_string() } else { String::new() };
                let mut header = format!("r {signals} 250 {count}\n");
                for k in 0..signals {
                    let unit = if k == 1 { "mmHg" } else { "mV" };
                    header += &format!("r.dat {format}+{offset} 200/{unit} 12 0 7 9 0 s{k}\n");
                }
                let expected = bits(&whole(&header, &data).unwrap());
                for part in [1, 7, 64, 1_000_000] {
                    let found = by_parts(&header, &data, part).unwrap().unwrap();
                    assert!(bits(&found) == expected, "format {format}, {signals} signals, parts of {part}");
                }
            }
        }
    }
}

#[test]
fn a_short_file_and_an_unfit_record_are_told() {
    let header = "r 2 250 1000\nr.dat 16 200/mV 16 0 0 0 0 I\nr.dat 16 200/mV 16 0 0 0 0 II\n";
    let data = vec![1_u8; 4000];
    assert_eq!(by_parts(header, &data, 100).unwrap().unwrap()[1].len(), 1000);
    // One frame less is a writer's rounding, more is not.
    assert_eq!(by_parts(header, &data[..3996], 100).unwrap().unwrap()[0].len(), 999);
    for short in [3990, 2400, 0] {
        let code = by_parts(header, &data[..short], 100).unwrap().unwrap_err().code;
        assert_eq!(code, whole(header, &data[..short]).unwrap_err().code, "{short} bytes");
    }
    // Neither an absurd length nor an absurd part costs more than what is there.
    let absurd = "r 2 1000 900000000000\nr.dat 24 200/mV 16 0 0 0 0 I\nr.dat 24 200/mV 16 0 0 0 0 II\n";
    assert_eq!(by_parts(absurd, &data, usize::MAX).unwrap().unwrap_err().code, "truncated");
    let open_ended = absurd.replace(" 900000000000", "");
    assert_eq!(by_parts(&open_ended, &data, usize::MAX).unwrap().unwrap()[0].len(), 666);
    for unfit in [
        "r 1 250 1000\nr.dat 8 200/mV 12 0 0 0 0 I\n",
        "r 1 250 1000\nr.dat 516 200/mV 12 0 0 0 0 I\n",
        "r 1 250 1000\nr.dat 16:3 200/mV 12 0 0 0 0 I\n",
        "r 1 250 1000\nr.dat 16x4 200/mV 12 0 0 0 0 I\n",
        "r 1 250 1000\nr.mat 16 200/mV 12 0 0 0 0 I\n",
        "r 2 250 1000\nr.dat 16 200/mV 12 0 0 0 0 I\nq.dat 16 200/mV 12 0 0 0 0 II\n",
        "r/2 2 250 1000\nr1 500\nr2 500\n",
    ] {
        assert!(by_parts(unfit, &data, 100).is_none(), "{unfit}");
    }
}
