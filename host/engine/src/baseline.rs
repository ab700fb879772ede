//! Processors that components are compiled for ahead, where it is not the one that builds that runs them.

use wasmtime::{Config, Engine, component::Component};

/// Has wasmtime take nothing from the processor at hand.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// What a level has beside the one below it, as Cranelift calls it and as a processor does.
const FEATURES: [(&str, &str); 12] = [
    ("has_cmpxchg16b", "cmpxchg16b"),
    ("has_sse3", "sse3"),
    ("has_ssse3", "ssse3"),
    ("has_sse41", "sse4.1"),
    ("has_sse42", "sse4.2"),
    ("has_popcnt", "popcnt"),
    // Here x86-64-v3 begins. Cranelift has it by name, too, but without AVX, so that it would have no use for AVX2.
    ("has_avx", "avx"),
    ("has_avx2", "avx2"),
    ("has_bmi1", "bmi1"),
    ("has_bmi2", "bmi2"),
    ("has_fma", "fma"),
    ("has_lzcnt", "lzcnt"),
];
const OF_V2: usize = 6;

/// A level of x86-64, as the psABI defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// x86-64-v2: Intel's processors since 2009, AMD's since 2011.
    V2,
    /// x86-64-v3: Intel's since 2013, AMD's since 2015, but for the smallest.
    V3,
}

impl Baseline {
    /// All of them, the lowest first.
    pub const ALL: [Self; 2] = [Self::V2, Self::V3];

    /// What compilers call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::V2 => "x86-64-v2",
            Self::V3 => "x86-64-v3",
        }
    }

    fn features(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::V2 => FEATURES.split_at(OF_V2).0,
            Self::V3 => &FEATURES,
        }
    }

    fn has(self, feature: &str) -> bool {
        self.features().iter().any(|(_, known)| *known == feature)
    }

    /// Compiles a component for every processor of this level. Apart from that it is compiled with these settings.
    pub fn compile(self, config: Config, component: &[u8]) -> wasmtime::Result<Vec<u8>> {
        Engine::new(&self.with_features(config)?)?.precompile_component(component)
    }

    /// Whether a processor that has no more than this level loads this code. It is not run.
    #[allow(unsafe_code, reason = "loading compiled code is unsafe by nature; see the comments")]
    pub fn loads(self, config: Config, compiled: &[u8]) -> wasmtime::Result<bool> {
        let mut config = self.with_features(config)?;
        // SAFETY: what is said to be there may be missing, but nothing of what is loaded is run.
        unsafe {
            config.detect_host_feature(match self {
                Self::V2 => |feature| Some(Self::V2.has(feature)),
                Self::V3 => |feature| Some(Self::V3.has(feature)),
            });
        }
        // SAFETY: the bytes come from `compile` or the same compiler, never from outside.
        Ok(unsafe { Component::deserialize(&Engine::new(&config)?, compiled) }.is_ok())
    }

    #[allow(unsafe_code, reason = "flags of Cranelift are unsafe by nature; see the comment")]
    fn with_features(self, mut config: Config) -> wasmtime::Result<Config> {
        config.target(TARGET)?;
        for (flag, _) in self.features() {
            // SAFETY: they are instructions that a processor may lack, and wasmtime refuses code with them on one that
            // does. No flag changes what code means.
            unsafe { config.cranelift_flag_enable(flag) };
        }
        Ok(config)
    }
}
