//! A scenario from a small table: one override a row.

use super::DataError;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::model::{Change, Lever, Policy, SafetyBasis, Scenario, Scope};
use crate::text;
use crate::words::Text;
use std::path::Path;

/// More overrides than anybody types; a goal sets up to three for each item.
const MOST_OVERRIDES: usize = 100_000;
/// A scenario is small; anything bigger is another file.
const MOST_BYTES: u64 = 16 << 20;

/// Reads a CSV table with the columns lever, scope, change, value; the file's stem names the scenario.
///
/// # Errors
/// [`DataError::Unreadable`] when the file is missing, too big, not UTF-8, or lacks one of the columns.
pub fn read_scenario(path: &Path) -> Result<(Scenario, Diagnostics), DataError> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = read(path, &file)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let column = |name: &str| headers.iter().position(|h| h.eq_ignore_ascii_case(name));
    let columns = [column("lever"), column("scope"), column("change"), column("value")];
    let [Some(lever), Some(scope), Some(change), Some(value)] = columns else {
        return Err(unreadable(
            &file,
            text!(
                "{file} lacks one of the columns lever, scope, change, value",
                "{file} 缺少 lever、scope、change、value 中的某一列"
            ),
        ));
    };
    let mut scenario = Scenario::base(path.file_stem().unwrap_or_default().to_string_lossy());
    let mut findings = Diagnostics::default();
    let mut moves = Vec::new();
    for (k, record) in reader.records().take(MOST_OVERRIDES).enumerate() {
        let place = Place::file(&file).row(k as u64 + 2);
        let Ok(record) = record else {
            bad(&mut findings, place, Text::new("The row can't be read", "该行无法读取"));
            continue;
        };
        let cell = |at: usize| record.get(at).unwrap_or("");
        match parse(cell(lever), cell(scope), cell(change), cell(value)) {
            Ok(change) => moves.push(change),
            Err(message) => bad(&mut findings, place, message),
        }
    }
    scenario.set_all(moves);
    Ok((scenario, findings))
}

fn parse(lever: &str, scope: &str, change: &str, value: &str) -> Result<(Lever, Scope, Change), Text> {
    let lever = Lever::parse(lever).ok_or_else(|| text!("No lever is named “{lever}”", "没有名为“{lever}”的参数"))?;
    let number = || {
        let finite = value.parse::<f64>().ok().filter(|v| v.is_finite());
        finite.ok_or_else(|| text!("The value “{value}” is not a number", "值“{value}”不是数字"))
    };
    let change = match change.to_lowercase().as_str() {
        "set" if lever == Lever::Policy => Change::Policy(
            Policy::parse(value).ok_or_else(|| text!("“{value}” is not a policy", "“{value}”不是补货策略"))?,
        ),
        "set" if lever == Lever::SafetyBasis => Change::Basis(
            SafetyBasis::parse(value)
                .ok_or_else(|| text!("“{value}” is not a basis of safety stock", "“{value}”不是安全库存依据"))?,
        ),
        "set" => Change::Set(number()?),
        "scale" => Change::Scale(number()?),
        "add" => Change::Add(number()?),
        "clear" => Change::Clear,
        "base" => Change::Base,
        other => {
            return Err(text!(
                "“{other}” is not set, scale, add, clear or base",
                "“{other}”不是 set、scale、add、clear 或 base"
            ));
        }
    };
    Ok((lever, parse_scope(scope)?, change))
}

fn parse_scope(scope: &str) -> Result<Scope, Text> {
    Scope::parse(scope).ok_or_else(|| {
        text!(
            "The scope “{scope}” is not all, item:…, category:…, site:… or lane:…>…",
            "范围“{scope}”不是 all、item:…、category:…、site:… 或 lane:…>…"
        )
    })
}

fn read(path: &Path, file: &str) -> Result<String, DataError> {
    let size = std::fs::metadata(path).map(|m| m.len());
    let bytes = match size {
        Ok(size) if size > MOST_BYTES => {
            return Err(unreadable(file, text!("{file} is too big for a scenario", "{file} 过大，不是方案文件")));
        }
        _ => std::fs::read(path)
            .map_err(|e| unreadable(file, text!("{file} can't be read: {e}", "无法读取 {file}：{e}")))?,
    };
    let text = String::from_utf8(bytes);
    let text =
        text.map_err(|e| unreadable(file, text!("{file} is not UTF-8 text: {e}", "{file} 不是 UTF-8 文本：{e}")))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn unreadable(file: &str, message: Text) -> DataError {
    let hint = Text::new(
        "Write a CSV table with the columns lever, scope, change, value",
        "请使用包含 lever、scope、change、value 列的 CSV 表",
    );
    let place = Place::file(file);
    DataError::Unreadable(Box::new(Diagnostic::new(Severity::Error, "scenario-unreadable", message, hint, place)))
}

fn bad(findings: &mut Diagnostics, place: Place, message: Text) {
    let hint = Text::new("Example: demand, category:Drinks, scale, 1.2", "示例：demand, category:饮料, scale, 1.2");
    findings.error("scenario-row", message, hint, place);
}
