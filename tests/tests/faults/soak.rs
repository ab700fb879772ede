//! A minute of faults; `cargo xtask bench soak` takes ten.

use std::time::Duration;

use astlas_tests::faults::soak::soak;

#[test]
fn after_a_minute_of_faults_everything_is_done_right_and_nothing_is_held() {
    let told = soak(Duration::from_secs(60), 1);
    println!("tried: {told:?}");
    // A tenth of what is done where nobody else is at work.
    assert!(told.right > 50 && told.jobs > 1, "{told:?}");
    assert_eq!(told.grown(), None, "{told:?}");
}
