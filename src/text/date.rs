//! Days as `2026-03-01`, in UTC. Times are seconds since 1970, as in commits.

/// The seconds of a day.
pub const DAY: i64 = 86_400;

/// The day of a time. A time that no calendar has is shown as the nearest that one has.
#[must_use]
pub fn day(time: i64) -> String {
    // The algorithm counts days from the 1st of March of the year 0, so a leap day is the last day
    // of a year. 400 years have 146,097 days.
    const LAST: i64 = 2_932_896; // 9999-12-31
    let days = time.div_euclid(DAY).clamp(-719_162, LAST) + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The time at which a day like `2026-03-01` starts. `None` if it is not one.
#[must_use]
pub fn start_of(text: &str) -> Option<i64> {
    let is_form = text.len() == 10 && text.is_ascii();
    let mut parts = text.split('-').filter(|_| is_form).map(|part| {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| is_number)
    });
    let (year, month, of_month) = (parts.next()??, parts.next()??, parts.next()??);
    let (of_era, before) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = of_era.div_euclid(400);
    let of_era = of_era.rem_euclid(400);
    let of_year = (153 * before + 2) / 5 + of_month - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    // A day that does not exist, such as the 30th of February, is another one.
    Some(days * DAY).filter(|&time| day(time) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times() {
        for (time, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
            (-62_135_596_800, "0001-01-01"),
        ] {
            assert_eq!(day(time), text);
            assert_eq!(start_of(text), Some(time - time.rem_euclid(DAY)));
        }
        assert_eq!(day(i64::MAX), "9999-12-31");
        assert_eq!(day(i64::MIN), "0001-01-01");
        for time in (-100_000 * DAY..100_000 * DAY).step_by(DAY as usize) {
            assert_eq!(start_of(&day(time)), Some(time));
        }
        for text in [
            "2023-02-29",
            "2024-13-01",
            "2024-1-01",
            "24-01-010",
            "+024-01-01",
            "",
            "today",
        ] {
            assert_eq!(start_of(text), None, "{text}");
        }
    }
}
