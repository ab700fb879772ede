//! Stored values that were altered, cut, or written by another version: each is noticed, and every answer is the one
//! that there would be without it.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_atlas::{
    Atlas,
    map::Map,
    snapshot::{Manifest, Remainder, Snapshot},
    symbols::SymbolIndex,
};
use astlas_hostile::{
    Native,
    planted::{Answers, Planted, ask, stored},
    sealed::{HEADER, sealed},
    seeds,
    targets::read_pack,
};
use astlas_model::{
    History, Language, Tags,
    stages::Ranks,
    stored::{DecodeError, FORMAT, decode},
};
use pollster::block_on;

/// Every so many bytes of a value all questions are asked; each byte is tried with the decoder alone.
const STEP: usize = 24;

/// What decoding a value of this kind ends in, if not in a value.
fn refusal(kind: &str, bytes: &[u8]) -> Option<DecodeError> {
    match kind {
        "ast" => decode::<Tags>(bytes).err(),
        "graph" => decode::<Snapshot>(bytes).err(),
        "ledger" => decode::<Remainder>(bytes).err(),
        "symbols" => decode::<SymbolIndex>(bytes).err(),
        "merkle" => decode::<Manifest>(bytes).err(),
        "languages" => decode::<Vec<Language>>(bytes).err(),
        "rank" => decode::<Ranks>(bytes).err(),
        "map" => decode::<Map>(bytes).err(),
        "history" => decode::<History>(bytes).err(),
        other => unreachable!("{other}: a kind of value that is not tried"),
    }
}

/// Kind and value of all that is kept of the small repository.
fn values() -> Vec<(String, Vec<u8>)> {
    let values: Vec<_> =
        stored().into_iter().map(|(key, value)| (key.split(':').next().unwrap().to_owned(), value)).collect();
    let mut kinds: Vec<&str> = values.iter().map(|(kind, _)| kind.as_str()).collect();
    kinds.dedup();
    assert_eq!(kinds.len(), 9, "{kinds:?}");
    values
}

/// Asks with this value in the place of all of its kind: nothing may be other than without it.
fn changes_no_answer(kind: &str, value: Vec<u8>, good: &Answers) {
    let (answers, cache) = ask(Planted::new(kind, value));
    let answers = answers.unwrap();
    // A ledger is read only where a tree changed.
    assert!(cache.asked() > 0 || kind == "ledger", "{kind}: nobody looked at it");
    assert_eq!(answers.indexed.snapshot, good.indexed.snapshot, "{kind}");
    assert_eq!((answers.map, answers.ranks), (good.map.clone(), good.ranks.clone()), "{kind}");
    assert_eq!(answers.symbols.unwrap().len(), good.symbols.as_ref().unwrap().len(), "{kind}");
}

#[test]
fn every_cut_and_every_altered_byte_is_noticed() {
    let good = ask(Planted::default()).0.unwrap();
    let (mut decoded, mut asked) = (0, 0);
    for (kind, value) in values() {
        assert_eq!(refusal(&kind, &value), None, "{kind}");
        for at in 0..value.len() {
            assert!(refusal(&kind, &value[..at]).is_some(), "{kind}: cut to {at}");
            for bit in 0..8 {
                let mut altered = value.clone();
                altered[at] ^= 1 << bit;
                assert!(refusal(&kind, &altered).is_some(), "{kind}: bit {bit} of byte {at}");
            }
            decoded += 9;
            if at % STEP == 0 {
                let mut altered = value.clone();
                altered[at] ^= 0x55;
                changes_no_answer(&kind, altered, &good);
                changes_no_answer(&kind, value[..at].to_vec(), &good);
                asked += 2;
            }
        }
    }
    println!("tried: stored values altered or cut: {decoded} decoded, {asked} of them with all questions");
}

#[test]
fn values_of_other_formats_are_named_and_made_again() {
    let good = ask(Planted::default()).0.unwrap();
    for (kind, value) in values() {
        for format in [0, 1, FORMAT - 1, FORMAT + 1, 255, u32::MAX] {
            let mut other = value.clone();
            other[4..8].copy_from_slice(&format.to_le_bytes());
            assert_eq!(refusal(&kind, &other), Some(DecodeError::Format(format)), "{kind}");
            let message = DecodeError::Format(format).to_string();
            assert!(message.contains(&format.to_string()) && message.contains(&FORMAT.to_string()), "{message}");
            changes_no_answer(&kind, other, &good);
        }
        // Of another kind, or of nobody's.
        for foreign in [vec![], b"ATLS".to_vec(), b"not a value of ours at all".to_vec(), sealed(b"")] {
            assert!(refusal(&kind, &foreign).is_some() || foreign.len() == HEADER, "{kind}");
            if foreign.len() != HEADER {
                changes_no_answer(&kind, foreign, &good);
            }
        }
    }
}

#[test]
fn an_altered_index_is_not_brought_back() {
    let bundle = sealed(&seeds::bundles()[0]);
    let restore = |bytes: &[u8]| {
        let atlas = Atlas { stages: Native, cache: Planted::default(), repository: "here".into() };
        block_on(atlas.restore("c", "1", bytes)).is_some()
    };
    assert!(restore(&bundle));
    for at in 0..bundle.len() {
        let mut altered = bundle.clone();
        altered[at] ^= 0x20;
        assert!(!restore(&altered) && !restore(&bundle[..at]), "byte {at}");
    }
    println!("tried: indexes altered or cut: {}", 2 * bundle.len());
}

#[test]
fn an_altered_pack_has_the_right_files_or_none() {
    let pack = seeds::packs().remove(0);
    let paths = |bytes: &[u8]| read_pack(bytes).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let good = paths(&pack);
    assert_eq!(good.len(), 4);
    for at in 0..pack.len() {
        let mut altered = pack.clone();
        altered[at] ^= 0x20;
        let found = paths(&altered);
        assert!(found == good || found.is_empty(), "byte {at}: {found:?}");
        // A content that is not there as a whole is an error of its file.
        let cut = read_pack(&pack[..at]);
        assert!(cut.iter().any(|(_, content)| content.is_err()) || cut.is_empty(), "cut to {at}");
    }
}
