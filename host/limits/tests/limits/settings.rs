//! What is wrong with settings is said, with what would be right.

use astlas_capabilities::CacheSettings;
use astlas_limits::{Gate, GateSettings, Limits, LimitsSettings, Name, SystemClock};

fn wrong(text: &str) -> String {
    let settings: LimitsSettings = toml::from_str(text).unwrap();
    Limits::embedded(&settings, Box::new(SystemClock)).err().unwrap().to_string()
}

fn unread(text: &str) -> String {
    toml::from_str::<LimitsSettings>(text).unwrap_err().to_string()
}

#[tokio::test]
async fn settings_that_cannot_be_right_are_named() {
    let rule = |text: &str| wrong(&format!("[plans.a]\nrules = [{{ name = \"r\", {text} }}]"));
    for (message, start, word) in [
        (wrong("plan = \"b\""), "setting limits.plan:", "b"),
        (wrong("[tenants]\nacme = \"b\""), "setting limits.tenants:", "b"),
        (wrong("most_tenants = 0"), "setting limits.most_tenants:", "0"),
        (rule("limit = 0, window = 1"), "setting limits.plans: plan a: rule r:", "0 calls"),
        (rule("limit = 1, window = 0"), "setting limits.plans: plan a: rule r: window", "86400"),
        (rule("limit = 1, window = 86401"), "setting limits.plans: plan a: rule r: window", "quota"),
        (rule("limit = 1, window = 1, burst = 2"), "setting limits.plans: plan a: rule r: burst", "token-bucket"),
        (rule("limit = 9000000000000, window = 1"), "setting limits.plans: plan a: rule r:", "fewer"),
        (
            rule("limit = 1, window = 1 }, { name = \"r\", limit = 1, window = 1"),
            "setting limits.plans: plan a:",
            "two",
        ),
        (wrong("[plans.a]\nrules = [{ name = \"calls-per-day\", limit = 1, window = 1 }]"), "setting", "two"),
        (wrong("[plans.a]\nstored_bytes = 9000000000000000"), "setting limits.plans: plan a: stored-bytes", "no limit"),
    ] {
        assert!(message.starts_with(start) && message.contains(word), "{message}");
    }
    let settings = LimitsSettings { timeout: 0, ..LimitsSettings::default() };
    let error = Limits::open(&settings, &CacheSettings::default()).await.err().unwrap().to_string();
    assert!(error.starts_with("setting limits.timeout: "), "{error}");
    let cache = CacheSettings { url: Some("http://:hush@localhost".into()), ..CacheSettings::default() };
    let error = Limits::open(&LimitsSettings::default(), &cache).await.err().unwrap().to_string();
    assert!(error.starts_with("setting cache.url: ") && !error.contains("hush"), "{error}");
    for settings in [
        GateSettings { places: 0, ..GateSettings::default() },
        GateSettings { tenant_places: Some(0), ..GateSettings::default() },
        GateSettings { waiting: 1, ..GateSettings::default() },
    ] {
        assert!(Gate::new(&settings).unwrap_err().to_string().starts_with("setting gate."));
    }
}

#[test]
fn unknown_settings_and_hostile_names_are_refused() {
    assert!(unread("plans.a.call_per_day = 1").contains("call_per_day"));
    assert!(
        unread("[plans.a]\nrules = [{ name = \"r\", limit = 1, window = 1, algorithm = \"leaky\" }]").contains("leaky")
    );
    let long = "a".repeat(65);
    for hostile in ["", "a b", "a}", "{a", "a:b", "a*", "a\0", "a\n", "a\"", "ä", "a/b", "a[b]", "a?", &long] {
        assert!(Name::new(hostile).is_err(), "{hostile:?}");
    }
    // A tenant that there cannot be would have its plan for nothing.
    for nobody in ["a}:b", "ACME", "acme_2", "acme.test", "-acme"] {
        assert!(unread(&format!("[tenants]\n\"{nobody}\" = \"c\"")).contains("no name of a tenant"), "{nobody}");
    }
    for name in ["a", "ACME-corp_2.test", &long[1..]] {
        assert_eq!(Name::new(name).unwrap().as_str(), name);
    }
}
