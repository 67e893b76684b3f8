//! The window, walked by label as a user would, in both languages.

mod costs;
mod dialogs;
mod forecast;
mod groups;
mod networks;
mod panels;
mod risk;
mod scenarios;
mod segments;
mod stock;
mod suppliers;
mod walk;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use planwright::gui::{App, Picker, install};
use planwright::session::{Command, Preferences, Session, Theme};
use planwright::words::Language;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A window without a screen.
struct Bench {
    harness: Harness<'static, App>,
    woken: Receiver<()>,
    language: Language,
}

impl Bench {
    /// An empty window of a common size.
    fn new(language: Language) -> Self {
        let (wake, woken) = channel();
        let mut session = Session::new(Arc::new(move || wake.send(()).unwrap_or_default()));
        session.apply(Command::SetPreferences(Preferences { language, theme: Theme::Light }));
        let app = App::new(session, Picker::Typed);
        let harness = Harness::builder()
            .with_size([1440.0, 900.0])
            .with_max_steps(40)
            .with_context_setup(install)
            .build_ui_state(|ui, app: &mut App| app.show_ui(ui), app);
        Self { harness, woken, language }
    }

    /// A window with small sales, items and network, opened through the session.
    fn with_company(language: Language, folder: &Path) -> Self {
        let mut bench = Self::new(language);
        let files = Files::write(folder);
        bench.apply(Command::ImportSales(files.sales));
        bench.apply(Command::ImportItems(files.items));
        bench.apply(Command::ImportNetwork(files.network));
        bench
    }

    /// A label in the bench's language.
    fn t(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.language {
            Language::English => en,
            Language::Chinese => zh,
        }
    }

    fn session(&self) -> &Session {
        self.harness.state().session()
    }

    fn apply(&mut self, command: Command) {
        self.harness.state_mut().session_mut().apply(command);
        self.settle();
    }

    /// Draws frames until nothing runs, waits or is wanted, and nothing moves any more.
    fn settle(&mut self) {
        loop {
            self.harness.step();
            if self.harness.state_mut().session_mut().is_idle() {
                break;
            }
            // A lost wake-up may not hang the test; a job that never ends fails it in the test runner.
            self.woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        }
        self.harness.run_ok();
        // A dialog takes its final place a frame after it last asked for one.
        self.harness.run_steps(2);
        self.harness.check_accessibility();
    }

    /// Clicks the button, menu entry, tab or list row with this label.
    fn click(&mut self, label: &str) {
        self.harness.get_by_role_and_label(egui::Role::Button, label).click();
        self.settle();
    }

    /// Types into the one field of an open dialog and confirms with `button`.
    fn answer_path(&mut self, path: &Path, button: &str) {
        let field = self.t("Path of the file", "文件路径");
        self.harness.get_by_label(field).focus();
        self.harness.step();
        self.harness.get_by_label(field).type_text(&path.display().to_string());
        self.harness.step();
        self.click(button);
    }

    /// True when these words stand somewhere in the window.
    fn says(&self, words: &str) -> bool {
        let texts = |n: &egui_kittest::Node<'_>| {
            let node = n.accesskit_node();
            [node.label(), node.value()].into_iter().flatten().any(|t| t.contains(words))
        };
        self.harness.root().children_recursive().any(|n| texts(&n))
    }
}

/// The files of a small company: two items in one warehouse, two customers.
struct Files {
    sales: PathBuf,
    items: PathBuf,
    network: PathBuf,
}

impl Files {
    fn write(folder: &Path) -> Self {
        let mut sales = String::from("date,item,location,quantity\n");
        for week in 0..120 {
            let day = jiff::civil::date(2024, 1, 1).checked_add(jiff::Span::new().weeks(week)).unwrap();
            writeln!(sales, "{day},TEA-1,HAM,{}", 100 + (week * 37) % 23).unwrap();
            writeln!(sales, "{day},TEA-2,HAM,{}", 40 + (week * 17) % 11).unwrap();
        }
        let items = "item,name,category,unit_cost,price,lead_time_days,on_hand,order_cost\n\
                     TEA-1,Green tea,Tea,4,9,14,300,20\nTEA-2,Black tea,Tea,5,11,7,90,20\n";
        let network = folder.join("network");
        std::fs::create_dir_all(&network).unwrap();
        let files = [
            ("network/sites.csv", "id,name,capacity,latitude,longitude\nHAM,Hamburg,200,53.5,10.0\n"),
            (
                "network/customers.csv",
                "id,name,demand_share,location,latitude,longitude\nC1,Kiel,0.6,HAM,54.3,10.1\nC2,Bremen,0.4,HAM,53.1,8.8\n",
            ),
            ("network/lanes.csv", "from,to,unit_cost\nHAM,C1,1.0\nHAM,C2,2.0\n"),
            ("sales.csv", &sales),
            ("items.csv", items),
        ];
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        Self { sales: folder.join("sales.csv"), items: folder.join("items.csv"), network }
    }
}
