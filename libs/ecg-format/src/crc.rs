//! CRC-CCITT (polynomial 0x1021, start 0xFFFF, no reflection) as used by SCP-ECG and ISHNE.

/// The checksum of `data`.
#[must_use]
pub fn ccitt(data: &[u8]) -> u16 {
    data.iter().fold(0xFFFF, |crc, byte| {
        let mut crc = crc ^ (u16::from(*byte) << 8);
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn published_check_value() {
        // CRC-16/CCITT-FALSE check value of the CRC catalogue.
        assert_eq!(super::ccitt(b"123456789"), 0x29B1);
    }
}
