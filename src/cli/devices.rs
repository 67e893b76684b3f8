//! `planwright devices`: what a network can be trained on.

use super::Done;
use super::outcome::Exit;
use crate::pipeline;
use serde_json::{Value, json};

pub(super) fn run() -> Done {
    let mut summary = serde_json::Map::new();
    let mut list: Vec<Value> = Vec::new();
    for device in pipeline::devices() {
        let state = match (device.available, device.chosen) {
            (true, true) => "chosen",
            (true, false) => "available",
            (false, _) => "not available",
        };
        summary.insert(device.name.clone(), format!("{state}. {}", device.note).into());
        list.push(json!({
            "name": device.name, "available": device.available, "chosen": device.chosen, "note": device.note.en,
        }));
    }
    summary.insert("devices".into(), list.into());
    Done { summary: Value::Object(summary), exit: Exit::Done }
}
