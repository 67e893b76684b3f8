//! *Data*: what was read from which column, what was left out, and what is wrong with it.

use super::forecast::side_ui;
use super::nothing_yet_ui;
use crate::diagnostic::{Diagnostics, Severity};
use crate::gui::context::{Ask, Cx, span};
use crate::gui::dialogs::Purpose;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::text;
use crate::gui::widgets::{Tile, Tone, card_ui, remark_ui, section_ui, segmented_ui, tiles_ui};
use crate::model::{Frequency, ItemTable};
use crate::report::{Cell, Column, Kind, Table, assumptions_table, findings_table, import_table};
use crate::session::{Command, Rejected, Returns, Role, Sales};
use crate::words::Text;
use egui::{ComboBox, Ui};
use std::rc::Rc;
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    below: Below,
    /// Tables of the import shown, made when it changes.
    made: Option<(MadeOf, Rc<Made>)>,
    rejected: Option<(Rejected, Rc<Table>)>,
}

/// What tables are made of.
type MadeOf = (Arc<Sales>, Arc<ItemTable>, Arc<Diagnostics>);

struct Made {
    /// How many item-locations the item list knows.
    known: usize,
    findings: Table,
    import: Table,
    preview: Table,
}

/// Which table is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Findings,
    Import,
    Preview,
    Assumptions,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if let Some(rejected) = cx.session.rejected().cloned() {
            self.rejected_ui(ui, cx, rejected);
        }
        let Some(sales) = cx.session.project().sales.clone() else {
            if cx.session.rejected().is_none() {
                nothing_yet_ui(ui, cx);
            }
            return;
        };
        let project = cx.session.project();
        let made = self.made(&sales, &project.items, &project.receipt_findings);
        side_ui(ui, "data side", |ui| {
            columns_ui(ui, cx, &sales);
            ui.add_space(space::S);
            files_ui(ui, cx, &sales, made.known);
        });
        tiles_ui(ui, &tiles(cx, &sales));
        ui.add_space(space::XS);
        let options = [
            (Below::Findings, cx.t("Findings", "问题")),
            (Below::Import, cx.t("Used and left out", "使用与剔除")),
            (Below::Preview, cx.t("First rows", "前几行")),
            (Below::Assumptions, cx.t("Assumptions", "假设")),
        ];
        if let Some(picked) = segmented_ui(ui, self.below, &options) {
            self.below = picked;
        }
        match self.below {
            Below::Findings if made.findings.rows.is_empty() => {
                remark_ui(ui, cx.t("Nothing is wrong with this file.", "该文件没有问题。"), Tone::Good);
            }
            Below::Findings => cx.table_with_detail_ui(ui, "findings", &made.findings),
            Below::Import => cx.table_with_detail_ui(ui, "import", &made.import),
            Below::Preview => _ = cx.table_ui(ui, "preview", &made.preview, &|_| false),
            Below::Assumptions => {
                let Some(plan) = cx.session.plan().cloned() else { return };
                cx.plan_table_ui(ui, "assumptions", &plan, |p| assumptions_table(&p.assumptions));
            }
        }
    }

    fn made(&mut self, sales: &Arc<Sales>, items: &Arc<ItemTable>, receipts: &Arc<Diagnostics>) -> Rc<Made> {
        match &self.made {
            Some(((of, with, and), made))
                if Arc::ptr_eq(of, sales) && Arc::ptr_eq(with, items) && Arc::ptr_eq(and, receipts) =>
            {
                made.clone()
            }
            _ => {
                let mut findings = sales.diagnostics.clone();
                findings.extend((**receipts).clone());
                let made = Rc::new(Made {
                    known: sales.panel.series().iter().filter(|s| items.knows(&s.id)).count(),
                    findings: findings_table(&findings),
                    import: import_table(&sales.summary),
                    preview: preview_table(sales),
                });
                self.made = Some(((sales.clone(), items.clone(), receipts.clone()), made.clone()));
                made
            }
        }
    }

    /// The last file that could not be used, with all that is wrong with it; what was there before stays.
    fn rejected_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, rejected: Rejected) {
        let table = match &self.rejected {
            Some((of, table)) if *of == rejected => table.clone(),
            _ => Rc::new(findings_table(&rejected.diagnostics)),
        };
        let file = &rejected.file;
        let title = crate::text!("{file} was not read", "未读入 {file}");
        let height = 46.0 + size::TABLE_HEADER + size::TABLE_ROW * (table.rows.len().min(6) as f32 + 1.0);
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            remark_ui(ui, &cx.words.own(title), Tone::Bad);
            ui.allocate_ui(egui::vec2(ui.available_width(), height - 46.0), |ui| {
                cx.table_ui(ui, "rejected", &table, &|_| false);
            });
        });
        ui.add_space(space::S);
        self.rejected = Some((rejected, table));
    }
}

fn tiles(cx: &Cx<'_>, sales: &Sales) -> Vec<Tile> {
    let (panel, summary) = (&sales.panel, &sales.summary);
    let count = |severity| findings(&sales.diagnostics, severity);
    let warnings = count(Severity::Warning) + count(Severity::Error);
    let units = |en, zh| cx.words.with_unit(cx.t(en, zh), cx.units());
    let rows = cx.number(summary.rows as f64, 0);
    let rows_used = cx.words.own(crate::text!("Rows used, of {rows}", "使用行数，共 {rows}"));
    let unit = cx.words.own(panel.frequency().label());
    let periods = panel.end().since(panel.start()) + 1;
    vec![
        Tile::new(rows_used, cx.number(summary.rows_used as f64, 0)),
        Tile::new(units("Quantity used", "使用数量"), cx.number(summary.quantity_used, 0)),
        Tile::new(cx.t("Item-locations", "商品-地点"), cx.number(panel.series().len() as f64, 0)),
        Tile::new(cx.words.with_unit(cx.t("Periods", "期数"), &unit), cx.number(periods as f64, 0))
            .why(span(panel.start(), panel.end())),
        Tile::new(cx.t("Warnings", "警告"), cx.number(warnings as f64, 0))
            .note((warnings > 0).then(|| ("●".to_owned(), Tone::Warning))),
    ]
}

fn findings(diagnostics: &Diagnostics, severity: Severity) -> usize {
    diagnostics.entries().iter().filter(|d| d.severity == severity).count()
}

/// The first rows as they stand in the file, each header with what it was read as.
fn preview_table(sales: &Sales) -> Table {
    let role_of = |header: &str| sales.columns.iter().find(|(_, h)| h == header).map(|(role, _)| *role);
    let column = |header: &String| {
        let title = role_of(header).map_or_else(
            || Text::same(header.clone()),
            |role| {
                let role = text::role(role);
                Text::new(format!("{header} → {}", role.en), format!("{header} → {}", role.zh))
            },
        );
        Column { key: "preview", header: title, unit: Text::default(), kind: Kind::Text }
    };
    let columns = sales.preview.headers.iter().map(column).collect();
    let mut table = Table::new("preview", "First rows", "前几行", columns);
    table.rows = sales.preview.rows.iter().map(|row| row.iter().map(Cell::code).collect()).collect();
    table
}

/// Which column holds what; picking another reads the file again.
fn columns_ui(ui: &mut Ui, cx: &mut Cx<'_>, sales: &Sales) {
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("Columns", "列对应"));
        let not_used = cx.t("not used", "未使用");
        for role in [Role::Date, Role::Item, Role::Location, Role::Region, Role::Quantity, Role::Price] {
            let label = cx.words.own(text::role(role));
            let current = sales.columns.iter().find(|(r, _)| *r == role).map(|(_, header)| header.clone());
            let shown = current.clone().unwrap_or_else(|| not_used.to_owned());
            let mut picked = None;
            row_ui(ui, &label, |ui| {
                let combo = ComboBox::from_id_salt(("column", label.clone()))
                    .width(140.0)
                    .truncate()
                    .selected_text(shown.clone())
                    .show_ui(ui, |ui| {
                        for header in sales.preview.headers.iter().filter(|h| !h.is_empty()) {
                            if ui.selectable_label(current.as_ref() == Some(header), header).clicked() {
                                picked = Some(header.clone());
                            }
                        }
                    });
                name_combo(&combo.response, &label, &shown);
            });
            if let Some(header) = picked {
                cx.push(Command::SetColumn(role, header));
            }
        }
        ui.separator();
        periods_ui(ui, cx);
        returns_ui(ui, cx);
    });
}

fn row_ui(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.label(style::weak(ui, label));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), control);
    });
}

fn periods_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let current = cx.session.project().read.frequency;
    let label = cx.t("Sum to periods", "汇总周期");
    let shown = cx.words.own(text::frequency(current));
    let options = [Frequency::Day, Frequency::Week, Frequency::Month, Frequency::Quarter, Frequency::Year];
    let mut picked = None;
    row_ui(ui, label, |ui| {
        let combo = ComboBox::from_id_salt("frequency").width(140.0).selected_text(shown.clone()).show_ui(ui, |ui| {
            for option in std::iter::once(None).chain(options.map(Some)) {
                if ui.selectable_label(option == current, cx.words.own(text::frequency(option))).clicked() {
                    picked = Some(option);
                }
            }
        });
        name_combo(&combo.response, label, &shown);
    });
    if let Some(frequency) = picked.filter(|f| *f != current) {
        cx.push(Command::SetFrequency(frequency));
    }
}

fn returns_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let current = cx.session.project().read.returns;
    let label = cx.t("Negative quantities", "负数量");
    let shown = cx.words.own(text::returns(current));
    let mut picked = None;
    row_ui(ui, label, |ui| {
        let combo =
            ComboBox::from_id_salt("returns").width(140.0).truncate().selected_text(shown.clone()).show_ui(ui, |ui| {
                for option in [Returns::Net, Returns::Drop] {
                    if ui.selectable_label(option == current, cx.words.own(text::returns(option))).clicked() {
                        picked = Some(option);
                    }
                }
            });
        name_combo(&combo.response, label, &shown);
    });
    if let Some(returns) = picked.filter(|r| *r != current) {
        cx.push(Command::SetReturns(returns));
    }
}

/// The files of a project and how to replace them.
fn files_ui(ui: &mut Ui, cx: &mut Cx<'_>, sales: &Sales, known: usize) {
    let project = cx.session.project();
    let source = sales.summary.file.clone();
    let items = project.items.len();
    let all = sales.panel.series().len();
    let items_text = if items == 0 {
        Text::new("No item list: lead times and costs stand at their defaults", "无商品清单：提前期与成本使用默认值")
    } else {
        crate::text!(
            "{items} rows; they cover {known} of {all} item-locations",
            "{items} 行；覆盖 {all} 个商品-地点中的 {known} 个"
        )
    };
    let (sites, customers, lanes) =
        (project.network.sites.len(), project.network.customers.len(), project.network.lanes.len());
    let network_text = if project.network.is_empty() {
        Text::new("No network: nothing is dispatched", "无配送网络：不计算调运")
    } else {
        crate::text!(
            "{sites} sites, {customers} customers, {lanes} lanes",
            "{sites} 个仓库，{customers} 个客户，{lanes} 条线路"
        )
    };
    let receipts = project.receipts.rows().len();
    let receipts_text = if receipts == 0 {
        Text::new("No receipts: lead times are the item list's", "无收货记录：提前期以商品清单为准")
    } else {
        crate::text!("{receipts} receipts, see Suppliers", "{receipts} 条收货记录，见“供应商”")
    };
    let currency = project.currency.clone();
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("Files", "文件"));
        let parts = [
            (cx.t("Sales", "销售数据"), Text::same(source), cx.t("Open sales…", "打开销售数据…"), Purpose::Sales),
            (cx.t("Items", "商品清单"), items_text, cx.t("Open items…", "打开商品清单…"), Purpose::Items),
            (cx.t("Network", "配送网络"), network_text, cx.t("Open network…", "打开配送网络…"), Purpose::Network),
            (cx.t("Receipts", "收货记录"), receipts_text, cx.t("Open receipts…", "打开收货记录…"), Purpose::Receipts),
        ];
        for (title, words, button, purpose) in parts {
            ui.label(style::strong(title));
            ui.label(style::weak(ui, cx.words.own(words)));
            if ui.button(button).clicked() {
                cx.asks.push(Ask::Open(purpose));
            }
            ui.add_space(space::XS);
        }
        if !currency.is_empty() {
            let palette = Palette::of(ui);
            let text = crate::text!("Money in {currency}", "货币：{currency}");
            ui.label(egui::RichText::new(cx.words.own(text)).color(palette.weak));
        }
    });
}
