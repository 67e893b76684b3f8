//! A scenario from a small table: one override a row.

use super::DataError;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::model::{Change, Lever, Policy, SafetyBasis, Scenario, Scope, SeriesId};
use crate::text;
use crate::words::Text;
use std::path::Path;

/// More overrides than anybody types.
const MOST_OVERRIDES: usize = 10_000;
/// A scenario is small; anything bigger is another file.
const MOST_BYTES: u64 = 16 << 20;

/// Levers by the name used in the file.
const LEVERS: &[(&str, Lever)] = &[
    ("demand", Lever::Demand),
    ("lead_time_days", Lever::LeadTimeDays),
    ("lead_time_sd_days", Lever::LeadTimeSdDays),
    ("review_period_days", Lever::ReviewPeriodDays),
    ("service_level", Lever::ServiceLevel),
    ("safety_stock", Lever::SafetyStock),
    ("max_level", Lever::MaxLevel),
    ("moq", Lever::Moq),
    ("unit_cost", Lever::UnitCost),
    ("holding_rate", Lever::HoldingRate),
    ("shortage_cost", Lever::ShortageCost),
    ("order_cost", Lever::OrderCost),
    ("price", Lever::Price),
    ("policy", Lever::Policy),
    ("safety_basis", Lever::SafetyBasis),
    ("fill_rate", Lever::FillRate),
    ("cover_days", Lever::CoverDays),
    ("order_quantity", Lever::OrderQuantity),
    ("multiple", Lever::Multiple),
    ("shelf_life_days", Lever::ShelfLifeDays),
    ("on_hand", Lever::OnHand),
    ("supplier_payment_days", Lever::SupplierPaymentDays),
    ("customer_payment_days", Lever::CustomerPaymentDays),
    ("demand_delay", Lever::DemandDelay),
    ("lane_cost", Lever::LaneCost),
    ("site_capacity", Lever::SiteCapacity),
];

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
    for (k, record) in reader.records().take(MOST_OVERRIDES).enumerate() {
        let place = Place::file(&file).row(k as u64 + 2);
        let Ok(record) = record else {
            bad(&mut findings, place, Text::new("The row can't be read", "该行无法读取"));
            continue;
        };
        let cell = |at: usize| record.get(at).unwrap_or("");
        match parse(cell(lever), cell(scope), cell(change), cell(value)) {
            Ok((lever, scope, change)) => scenario.set(lever, scope, change),
            Err(message) => bad(&mut findings, place, message),
        }
    }
    Ok((scenario, findings))
}

fn parse(lever: &str, scope: &str, change: &str, value: &str) -> Result<(Lever, Scope, Change), Text> {
    let known = LEVERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(lever));
    let (_, lever) = known.ok_or_else(|| text!("No lever is named “{lever}”", "没有名为“{lever}”的参数"))?;
    let number = || {
        let finite = value.parse::<f64>().ok().filter(|v| v.is_finite());
        finite.ok_or_else(|| text!("The value “{value}” is not a number", "值“{value}”不是数字"))
    };
    let change = match change.to_lowercase().as_str() {
        "set" if *lever == Lever::Policy => Change::Policy(
            Policy::parse(value).ok_or_else(|| text!("“{value}” is not a policy", "“{value}”不是补货策略"))?,
        ),
        "set" if *lever == Lever::SafetyBasis => Change::Basis(
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
    Ok((*lever, parse_scope(scope)?, change))
}

/// `all`, `item:CODE`, `item:CODE@LOCATION`, `category:NAME`, `site:CODE`, `lane:SITE>CUSTOMER`.
fn parse_scope(scope: &str) -> Result<Scope, Text> {
    if scope.is_empty() || scope.eq_ignore_ascii_case("all") {
        return Ok(Scope::All);
    }
    let unknown = || {
        text!(
            "The scope “{scope}” is not all, item:…, category:…, site:… or lane:…>…",
            "范围“{scope}”不是 all、item:…、category:…、site:… 或 lane:…>…"
        )
    };
    let (kind, name) = scope.split_once(':').ok_or_else(unknown)?;
    match kind.to_lowercase().as_str() {
        "item" => {
            let (item, location) = name.rsplit_once('@').unwrap_or((name, ""));
            Ok(Scope::Series(SeriesId::new(item, location)))
        }
        "category" => Ok(Scope::Category(name.into())),
        "site" => Ok(Scope::Site(name.into())),
        "lane" => name.split_once('>').map(|(a, b)| Scope::Lane(a.into(), b.into())).ok_or_else(unknown),
        _ => Err(unknown()),
    }
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
