//! Writes the tables that `src/tokens` counts with: one of each vocabulary, and one of Unicode's character classes.
//!
//! `bpe-openai` brings both tokenizers ready to run, but in a form that suits a long-lived native process: 47 MB of
//! embedded data that take 190 ms to decode into 97 MB of memory, and a regex engine that asks the host for
//! randomness. A sandboxed stage has to be small, there at once, and without imports. So the crate is used here, for
//! its vocabulary, and in the tests, as the judge of every count; what runs is 6 MB of constant tables that need no
//! loading.

use std::{env, error::Error, fs, path::Path};

use bpe_openai::Tokenizer;

#[path = "src/tokens/layout.rs"]
#[allow(dead_code, reason = "each of its two users needs a part")]
mod layout;

use layout::{BLOCK, RECORD_HEADER, TAG_BITS, class, hash, tag};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/tokens/layout.rs");
    let folder = env::var("OUT_DIR")?;
    let folder = Path::new(&folder);
    fs::write(folder.join("o200k.bin"), vocabulary(bpe_openai::o200k_base())?)?;
    fs::write(folder.join("cl100k.bin"), vocabulary(bpe_openai::cl100k_base())?)?;
    let (blocks, classes) = classes()?;
    fs::write(folder.join("blocks.bin"), blocks)?;
    fs::write(folder.join("classes.bin"), classes)?;
    Ok(())
}

/// A hash table with open addressing: the number of slots, the slots, the records. A token's rank is its number, for
/// merges are done in the order in which the tokens were found.
fn vocabulary(tokenizer: &Tokenizer) -> Result<Vec<u8>, Box<dyn Error>> {
    let count = tokenizer.bpe.num_tokens();
    let slot_count = (count * 2).next_power_of_two();
    let (mut slots, mut records) = (vec![0u32; slot_count], vec![]);
    for rank in 0..count as u32 {
        let text = tokenizer.bpe.token_bytes(rank);
        let place = records.len() as u32 + 1;
        if place >> (u32::BITS - TAG_BITS) != 0 || rank >> 24 != 0 {
            return Err("the vocabulary is larger than a slot can say".into());
        }
        records.push(u8::try_from(text.len())?);
        records.extend_from_slice(&rank.to_le_bytes()[..RECORD_HEADER - 1]);
        records.extend_from_slice(text);

        let hash = hash(text);
        let mut slot = hash as usize % slot_count;
        while slots[slot] != 0 {
            slot = (slot + 1) % slot_count;
        }
        slots[slot] = place << TAG_BITS | tag(hash);
    }
    let mut bytes = (slot_count as u32).to_le_bytes().to_vec();
    bytes.extend(slots.iter().flat_map(|slot| slot.to_le_bytes()));
    bytes.extend(records);
    Ok(bytes)
}

/// Two stages: for each block of characters the number of its row, then the distinct rows, one class for each
/// character. The classes are taken from the crate that interprets `bpe-openai`'s own patterns, so both know the same
/// Unicode.
fn classes() -> Result<(Vec<u8>, Vec<u8>), Box<dyn Error>> {
    let mut classes = vec![class::OTHER; char::MAX as usize + 1];
    let patterns = [
        (r"[\p{Lu}\p{Lt}]", class::UPPER),
        (r"\p{Ll}", class::LOWER),
        (r"[\p{Lm}\p{Lo}]", class::UNCASED),
        (r"\p{M}", class::MARK),
        (r"\p{N}", class::NUMBER),
        (r"\s", class::SPACE),
        (r"[\r\n]", class::BREAK),
    ];
    for (pattern, class) in patterns {
        let hir = regex_syntax::parse(pattern)?;
        let regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(set)) = hir.kind() else {
            return Err(format!("{pattern} is not a set of characters").into());
        };
        for range in set.iter() {
            classes[range.start() as usize..=range.end() as usize].fill(class);
        }
    }
    let (mut blocks, mut rows) = (vec![], Vec::<&[u8]>::new());
    for row in classes.chunks(BLOCK) {
        let number = rows.iter().position(|known| *known == row).unwrap_or(rows.len());
        if number == rows.len() {
            rows.push(row);
        }
        blocks.push(u8::try_from(number)?);
    }
    Ok((blocks, rows.concat()))
}
