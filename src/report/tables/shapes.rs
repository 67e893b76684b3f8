//! Demand shapes: every series' place and likes, the clusters' profiles, and periods that don't fit.

use super::super::table::{Cell, Column, Kind, Table};
use super::units;
use crate::model::{DemandShapes, SeriesShape};
use crate::text;

/// Columns of an embedding.
const EMBEDDING: [(&str, u8); 8] = [
    ("embedding_1", 1),
    ("embedding_2", 2),
    ("embedding_3", 3),
    ("embedding_4", 4),
    ("embedding_5", 5),
    ("embedding_6", 6),
    ("embedding_7", 7),
    ("embedding_8", 8),
];
/// Columns of the nearest series: which, and how far.
const NEAREST: [(&str, &str, u8); 3] =
    [("nearest_1", "distance_1", 1), ("nearest_2", "distance_2", 2), ("nearest_3", "distance_3", 3)];

/// One series a row: cluster, embedding, reconstruction error, nearest series, flagged periods, and why something is missing.
pub fn shapes_table(shapes: &DemandShapes) -> Table {
    let dimensions = shapes.dimensions.min(EMBEDDING.len());
    let mut columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("cluster", "Cluster", "聚类", Kind::Integer),
        Column::new("cluster_name", "Shape", "形态", Kind::Text),
    ];
    for (key, k) in &EMBEDDING[..dimensions] {
        columns
            .push(Column { header: text!("Embedding {k}", "嵌入 {k}"), ..Column::new(key, "", "", Kind::Number(4)) });
    }
    columns.extend([
        Column::new("reconstruction_error", "Variation not reconstructed", "未能重构的波动", Kind::Percent),
        Column::new("periods_known", "Periods read", "已读期数", Kind::Integer),
        Column::new("anomalies", "Flagged periods", "异常期数", Kind::Integer),
    ]);
    for (key, distance, k) in &NEAREST {
        columns.push(Column { header: text!("Nearest {k}", "最近 {k}"), ..Column::new(key, "", "", Kind::Text) });
        columns.push(Column {
            header: text!("Distance {k}", "距离 {k}"),
            ..Column::new(distance, "", "", Kind::Number(4))
        });
    }
    columns.push(Column::new("note", "Note", "说明", Kind::Text));
    let mut table = Table::new("shapes", "Demand shapes", "需求形态", columns);
    for shape in &shapes.series {
        table.push(row(shapes, shape, dimensions));
    }
    table
}

fn row(shapes: &DemandShapes, shape: &SeriesShape, dimensions: usize) -> Vec<Cell> {
    let cluster = shape.cluster.and_then(|k| shapes.clusters.get(k));
    let mut cells: Vec<Cell> = vec![
        (&shape.id.item).into(),
        (&shape.id.location).into(),
        shape.cluster.map(|k| (k + 1) as f64).into(),
        Cell::words(cluster.map(|c| c.name.clone()).unwrap_or_default()),
    ];
    cells.extend((0..dimensions).map(|k| Cell::from(shape.embedding.get(k).copied())));
    cells.extend([shape.error().into(), shape.known.into(), shape.anomalies.len().into()]);
    for k in 0..NEAREST.len() {
        let near = shape.nearest.get(k);
        cells.push(Cell::code(near.map(|(id, _)| id.to_string()).unwrap_or_default()));
        cells.push(near.map(|(_, far)| *far).into());
    }
    cells.push(Cell::words(shape.note.clone()));
    cells
}

/// One period of a cluster a row: its name, its size and its mean profile.
pub fn shape_clusters_table(shapes: &DemandShapes) -> Table {
    let columns = vec![
        Column::new("cluster", "Cluster", "聚类", Kind::Integer),
        Column::new("cluster_name", "Shape", "形态", Kind::Text),
        Column::new("items", "Items", "商品数", Kind::Integer),
        Column::new("reconstruction_error", "Variation not reconstructed", "未能重构的波动", Kind::Percent),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("profile", "Mean profile", "平均形态", Kind::Number(4)).unit(text!("spreads", "标准差")),
    ];
    let mut table = Table::new("shape_clusters", "Shape clusters", "形态聚类", columns);
    for (k, cluster) in shapes.clusters.iter().enumerate() {
        for (t, value) in cluster.profile.iter().enumerate() {
            let period = shapes.end.plus(t as i64 + 1 - shapes.window as i64);
            table.push(vec![
                (k + 1).into(),
                Cell::words(cluster.name.clone()),
                cluster.members.into(),
                cluster.error.into(),
                period.into(),
                (*value).into(),
            ]);
        }
    }
    table
}

/// One flagged period a row: what was sold, what the rest of its window says, and how far apart they are.
pub fn shape_anomalies_table(shapes: &DemandShapes) -> Table {
    let spreads = || text!("spreads", "标准差");
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("actual", "Actual", "实际", Kind::Number(2)).unit(units()),
        Column::new("reconstructed", "Reconstructed", "重构值", Kind::Number(2)).unit(units()),
        Column::new("error", "Reconstruction error", "重构误差", Kind::Number(2)).unit(spreads()),
        Column::new("limit", "Flagged beyond", "标记阈值", Kind::Number(2)).unit(spreads()),
    ];
    let mut table = Table::new("shape_anomalies", "Flagged periods", "异常期", columns);
    for shape in &shapes.series {
        for a in &shape.anomalies {
            table.push(vec![
                (&shape.id.item).into(),
                (&shape.id.location).into(),
                a.period.into(),
                a.actual.into(),
                a.expected.into(),
                a.error.into(),
                a.limit.into(),
            ]);
        }
    }
    table
}
