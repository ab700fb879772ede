#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| astlas_hostile::targets::push(bytes));
