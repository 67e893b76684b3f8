//! The car parts of `shared/data`: monthly demand of spare parts, most of it zero.

use std::path::Path;

/// Parts without a gap in their 51 months as (code, demand), by code.
///
/// # Errors
/// The file can't be read.
pub(crate) fn complete(data: &Path) -> Result<Vec<(String, Vec<f64>)>, String> {
    let path = data.join("carparts/wide.csv");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or("").split(',').map(|w| w.trim_matches('"')).collect();
    let mut columns: Vec<Vec<Option<f64>>> = vec![Vec::new(); header.len()];
    for line in lines {
        for (column, word) in columns.iter_mut().zip(line.split(',')) {
            column.push(word.trim().parse().ok());
        }
    }
    let named = header.iter().zip(columns).filter(|(name, _)| **name != "month");
    let whole =
        named.filter_map(|(name, column)| Some(((*name).to_owned(), column.into_iter().collect::<Option<_>>()?)));
    let mut parts: Vec<(String, Vec<f64>)> = whole.collect();
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(parts)
}
