#![no_main]

#[path = "../../tests/support/models/mod.rs"]
mod models;
#[path = "../../tests/support/targets.rs"]
#[allow(dead_code, reason = "each target is one of several")]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::round_trip(data));
