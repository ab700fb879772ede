//! Months of the Gregorian calendar, in UTC. Years are counted from March, so that the day that is not always there is
//! their last: then one formula tells where a month begins. `ledger.lua` does the same.

/// Milliseconds of a day; UTC has no leap seconds where time is counted since 1970.
pub const DAY: u64 = 86_400_000;
/// Days from March 1 of the year 0 to January 1, 1970.
const TO_1970: u64 = 719_468;

/// The first day of a month, in days since 1970. Months are counted from March of the year 0.
pub fn first_day(month: u64) -> u64 {
    let (year, month) = (month / 12, month % 12);
    // From March on, five months have 153 days.
    (365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5).saturating_sub(TO_1970)
}

/// The month of a day.
pub fn month_of(day: u64) -> u64 {
    // 400 years have 4,800 months and 146,097 days: at most one month beside it.
    let mut month = (day + TO_1970) * 4800 / 146_097;
    while first_day(month) > day {
        month -= 1;
    }
    while first_day(month + 1) <= day {
        month += 1;
    }
    month
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_where_they_do() {
        // From January 1970, month by month, by the rule for leap years.
        let (mut day, mut month) = (0, 1970 * 12 - 2);
        for year in 1970..2500u64 {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for days in [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
                assert_eq!(first_day(month), day);
                assert_eq!((month_of(day), month_of(day + days - 1)), (month, month));
                (day, month) = (day + days, month + 1);
            }
        }
    }
}
