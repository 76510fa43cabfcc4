//! One value of a column as text. Numbers are written in full: a decimal with its scale, a float in the shortest way that
//! means it.
use std::fmt::{Display, Write as _};

use arrow_array::{
    Array,
    cast::AsArray as _,
    types::{
        Date32Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
        Int32Type, Int64Type, Time32MillisecondType, Time64MicrosecondType, Time64NanosecondType,
        TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type,
        UInt64Type,
    },
};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, Days, NaiveDate, NaiveTime};

/// Appends the value of a row; nothing where it is null.
///
/// # Errors
/// A sentence, where the column holds what is no cell.
pub(super) fn write(array: &dyn Array, row: usize, into: &mut String) -> Result<(), String> {
    if array.is_null(row) {
        return Ok(());
    }
    macro_rules! number {
        ($kind:ty) => {
            add(into, array.as_primitive::<$kind>().value(row))
        };
    }
    match array.data_type() {
        DataType::Null => (),
        DataType::Boolean => add(into, array.as_boolean().value(row)),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float16 => number!(Float16Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Decimal128(..) => into.push_str(&array.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Decimal256(..) => into.push_str(&array.as_primitive::<Decimal256Type>().value_as_string(row)),
        DataType::Date32 => date(into, array.as_primitive::<Date32Type>().value(row)),
        DataType::Time32(TimeUnit::Millisecond) => {
            time(into, i64::from(array.as_primitive::<Time32MillisecondType>().value(row)), 1_000_000);
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            time(into, array.as_primitive::<Time64MicrosecondType>().value(row), 1_000);
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            time(into, array.as_primitive::<Time64NanosecondType>().value(row), 1);
        }
        DataType::Timestamp(unit, zone) => {
            let (value, a_second) = match unit {
                TimeUnit::Millisecond => (array.as_primitive::<TimestampMillisecondType>().value(row), 1_000),
                TimeUnit::Microsecond => (array.as_primitive::<TimestampMicrosecondType>().value(row), 1_000_000),
                TimeUnit::Nanosecond => (array.as_primitive::<TimestampNanosecondType>().value(row), 1_000_000_000),
                TimeUnit::Second => return Err(unreadable(array)),
            };
            instant(into, value, a_second, zone.is_some());
        }
        DataType::Utf8 => into.push_str(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => into.push_str(array.as_string::<i64>().value(row)),
        DataType::Utf8View => into.push_str(array.as_string_view().value(row)),
        DataType::Binary => bytes(into, array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => bytes(into, array.as_binary::<i64>().value(row)),
        DataType::BinaryView => bytes(into, array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => bytes(into, array.as_fixed_size_binary().value(row)),
        DataType::List(_) => list(into, array.as_list::<i32>().value(row).as_ref())?,
        DataType::LargeList(_) => list(into, array.as_list::<i64>().value(row).as_ref())?,
        DataType::Map(..) => add(into, format_args!("{} items", array.as_map().value(row).len())),
        _ => return Err(unreadable(array)),
    }
    Ok(())
}

fn unreadable(array: &dyn Array) -> String {
    format!("it has a column of {} values, which are not read: leave it out", array.data_type())
}

fn add(into: &mut String, value: impl Display) {
    // Writing into a text cannot fail.
    let _ = write!(into, "{value}");
}

/// Days since 1970.
fn date(into: &mut String, days: i32) {
    let (epoch, distance) = (NaiveDate::default(), Days::new(u64::from(days.unsigned_abs())));
    let date = if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) };
    match date {
        Some(date) => add(into, date),
        None => add(into, format_args!("day {days}")),
    }
}

/// Parts of a day.
fn time(into: &mut String, value: i64, nanos: i64) {
    let value = value.checked_mul(nanos).and_then(|nanos| {
        let (seconds, nanos) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
        NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(seconds).ok()?, u32::try_from(nanos).ok()?)
    });
    match value {
        Some(time) => add(into, time),
        None => into.push_str("out of range"),
    }
}

/// Time since 1970, in UTC or on a clock of which the file says nothing.
fn instant(into: &mut String, value: i64, a_second: i64, is_utc: bool) {
    let nanos = value.rem_euclid(a_second) * (1_000_000_000 / a_second);
    let at = u32::try_from(nanos).ok().and_then(|nanos| DateTime::from_timestamp(value.div_euclid(a_second), nanos));
    match at {
        Some(at) => add(into, at.format(if is_utc { "%Y-%m-%dT%H:%M:%S%.fZ" } else { "%Y-%m-%dT%H:%M:%S%.f" })),
        None => add(into, format_args!("{value} out of range")),
    }
}

/// Text that is not marked as such, an id of 16 bytes, or bytes.
fn bytes(into: &mut String, bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains(char::is_control)
    {
        return into.push_str(text);
    }
    for (index, byte) in bytes.iter().enumerate() {
        let is_id_part = bytes.len() == 16 && matches!(index, 4 | 6 | 8 | 10);
        into.push_str(if is_id_part { "-" } else { "" });
        add(into, format_args!("{byte:02x}"));
    }
}

/// Plain values with `|` between them; of others only the number is told, as of those in JSON.
fn list(into: &mut String, values: &dyn Array) -> Result<(), String> {
    if values.data_type().is_nested() {
        add(into, format_args!("{} items", values.len()));
        return Ok(());
    }
    for row in 0..values.len() {
        into.push_str(if row > 0 { "|" } else { "" });
        write(values, row, into)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, FixedSizeBinaryArray, Float32Array,
        Float64Array, Int64Array, ListArray, StringArray, Time64NanosecondArray, TimestampMicrosecondArray,
        TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array, types::Int32Type,
    };

    use super::*;

    #[track_caller]
    fn check(array: impl Array + 'static, expected: &[&str]) {
        let array: ArrayRef = Arc::new(array);
        let text = |row| {
            let mut text = String::new();
            write(array.as_ref(), row, &mut text).unwrap();
            text
        };
        assert_eq!((0..array.len()).map(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn numbers_are_exact() {
        check(Int64Array::from(vec![Some(i64::MIN), None]), &["-9223372036854775808", ""]);
        check(UInt64Array::from(vec![u64::MAX]), &["18446744073709551615"]);
        check(
            Float64Array::from(vec![0.1, 1e21, -2.5e-7, f64::NAN]),
            &["0.1", "1000000000000000000000", "-0.00000025", "NaN"],
        );
        check(Float32Array::from(vec![0.1]), &["0.1"]);
        let decimals = Decimal128Array::from(vec![12_345, -5, 0]);
        check(
            decimals.clone().with_precision_and_scale(20, 9).unwrap(),
            &["0.000012345", "-0.000000005", "0.000000000"],
        );
        check(decimals.with_precision_and_scale(20, -2).unwrap(), &["1234500", "-500", "0"]);
        check(BooleanArray::from(vec![true, false]), &["true", "false"]);
    }

    #[test]
    fn times_keep_their_unit_and_have_a_zone_where_they_are_utc() {
        check(Date32Array::from(vec![20_729, -1]), &["2026-10-03", "1969-12-31"]);
        check(TimestampMillisecondArray::from(vec![1_790_841_600_120]), &["2026-10-01T08:00:00.120"]);
        check(
            TimestampMicrosecondArray::from(vec![1_790_841_600_000_001]).with_timezone("UTC"),
            &["2026-10-01T08:00:00.000001Z"],
        );
        check(TimestampNanosecondArray::from(vec![-1]).with_timezone("UTC"), &["1969-12-31T23:59:59.999999999Z"]);
        check(TimestampMillisecondArray::from(vec![i64::MAX]), &["9223372036854775807 out of range"]);
        check(Time64NanosecondArray::from(vec![33_120_000_000_000]), &["09:12:00"]);
    }

    #[test]
    fn texts_bytes_and_lists_become_cells() {
        check(StringArray::from(vec!["a", "é"]), &["a", "é"]);
        check(BinaryArray::from(vec![&b"text"[..], &[0, 255]]), &["text", "00ff"]);
        let id = FixedSizeBinaryArray::try_from_iter([[0xab_u8; 16]].iter()).unwrap();
        check(id, &["abababab-abab-abab-abab-abababababab"]);
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None, Some(3)]), None]);
        check(lists, &["1||3", ""]);
    }
}
