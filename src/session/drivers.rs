//! What drives demand: prices, promotions, events and feasts, saved with the settings and undoable like them.

use super::Session;
use super::apply::file_name;
use super::command::Command;
use crate::diagnostic::Diagnostics;
use crate::model::{Drivers, NamedEvent};
use crate::text;
use crate::words::Text;
use std::path::Path;
use std::sync::Arc;

impl Session {
    /// Commands that change the drivers without reading a file.
    pub(super) fn edit_drivers(&mut self, command: Command) {
        match command {
            Command::SetHolidays(sets) => {
                self.change_drivers(Text::new("Choose holidays", "选择节日"), |drivers| drivers.holidays = sets);
            }
            Command::SetDriverFuture(rule) => {
                self.change_drivers(Text::new("Set drivers' future", "设置因素的未来值"), |d| d.future = rule);
            }
            _ => self.change_drivers(Text::new("Clear drivers", "清除驱动因素"), |d| *d = Drivers::default()),
        }
    }

    /// Takes over the values of a file; events, feasts and the rule for the future stay.
    pub(super) fn read_drivers(&mut self, path: &Path, read: Drivers, findings: &Diagnostics) {
        let (name, count) = (file_name(path), read.names().len());
        self.tell(text!("{name}: {count} drivers read", "{name}：读取了 {count} 个驱动因素"), findings);
        self.rejected = None;
        self.change_drivers(text!("Import {name}", "导入 {name}"), |drivers| {
            drivers.values = read.values;
            drivers.fingerprint = read.fingerprint;
        });
    }

    /// Takes over the events of a file.
    pub(super) fn read_events(&mut self, path: &Path, events: Vec<NamedEvent>, findings: &Diagnostics) {
        let (name, count) = (file_name(path), events.len());
        self.tell(text!("{name}: {count} events read", "{name}：读取了 {count} 个事件"), findings);
        self.rejected = None;
        self.change_drivers(text!("Import {name}", "导入 {name}"), |drivers| drivers.events = events);
    }

    fn change_drivers(&mut self, name: Text, change: impl FnOnce(&mut Drivers)) {
        self.change(name, |project| change(Arc::make_mut(&mut project.settings.drivers)));
    }
}
