//! Bytes → text: which encoding a text file is in.
//!
//! Order: byte order mark; strict UTF-8; UTF-16 by its pattern of NUL bytes (a detector never finds it); then a
//! detector, with a preference for GB18030, because on short Chinese files the detector alone says EUC-JP.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// A text file's content and how it was decoded.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text, without byte order mark.
    pub(super) text: String,
    /// Name of the encoding.
    pub(super) encoding: &'static str,
    /// False when a byte order mark or strict UTF-8 left no doubt.
    pub(super) guessed: bool,
    /// True when some bytes meant nothing in that encoding and became `�`.
    pub(super) lossy: bool,
}

/// Bytes looked at to guess an encoding; a megabyte of text decides it.
const DETECT_BYTES: usize = 1 << 20;

/// Decodes a text file; `None` when the bytes are no text in any encoding (NUL bytes that are not UTF-16's).
pub(super) fn decode(bytes: Vec<u8>) -> Option<Decoded> {
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        return Some(decode_as(&bytes, encoding, false));
    }
    if bytes.starts_with(&[0x84, 0x31, 0x95, 0x33]) {
        return Some(decode_as(&bytes[4..], GB18030, false));
    }
    let has_nul = bytes.contains(&0);
    if has_nul {
        let encoding = utf16_by_nul(&bytes)?;
        return Some(decode_as(&bytes, encoding, true));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(Decoded { text, encoding: UTF_8.name(), guessed: false, lossy: false }),
        Err(error) => {
            let bytes = error.into_bytes();
            let encoding = detect(&bytes[..bytes.len().min(DETECT_BYTES)]);
            Some(decode_as(&bytes, encoding, true))
        }
    }
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding, guessed: bool) -> Decoded {
    let (text, encoding, lossy) = encoding.decode(bytes);
    let text = match text {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    };
    Decoded { text, encoding: encoding.name(), guessed, lossy }
}

/// UTF-16 text is full of NULs at every second byte: digits, commas and line ends have one each.
fn utf16_by_nul(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let pairs = head.len() / 2;
    let even = head.iter().step_by(2).filter(|b| **b == 0).count();
    let odd = head.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
    let (many, few) = (pairs / 10 + 1, pairs / 50);
    if odd >= many && even <= few {
        Some(UTF_16LE)
    } else if even >= many && odd <= few {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if looks_gb(bytes, guess.is_single_byte()) { GB18030 } else { guess }
}

/// Simplified Chinese in GB2312's plane: both bytes of a pair ≥ A1, leads in the rows of common characters (B0–D7),
/// of rarer ones (D8–F7) or of symbols and full-width forms (A1–A3); kana (A4, A5) speak for Japanese.
///
/// `strict` asks for more when the detector sees a European encoding, whose accented letters come mostly alone.
fn looks_gb(bytes: &[u8], strict: bool) -> bool {
    let (mut pairs, mut common, mut kana, mut odd) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        let Some(&trail) = bytes.get(at + 1) else { break };
        match (bytes[at], trail) {
            (0xA4 | 0xA5, 0xA1..=0xFE) => kana += 1,
            (0xA1..=0xA3 | 0xB0..=0xD7, 0xA1..=0xFE) => common += 1,
            (0x81..=0xFE, 0x40..=0xFE) => {}
            _ => {
                odd += 1;
                at += 1;
                continue;
            }
        }
        pairs += 1;
        at += 2;
    }
    let share = if strict { 95 } else { 80 };
    let allowed_odd = if strict { 0 } else { pairs / 100 };
    pairs >= if strict { 4 } else { 1 } && common * 100 >= pairs * share && kana * 20 <= pairs && odd <= allowed_odd
}
