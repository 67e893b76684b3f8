//! The window without a screen: what one frame costs before it is painted.
//!
//! A frame is everything from events to shapes: reading the session, layout, text, commands. Painting is the graphics
//! driver's.

use planwright::gui::{App, Picker, install};
use planwright::model::{Change, Horizon, Lever, Scope, SeriesId};
use planwright::session::{Command, Device, Gesture, LstmOptions, Models, NetworkOptions, Sample, Session};
use std::cell::RefCell;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

fn main() {
    divan::main();
}

struct Window {
    context: egui::Context,
    app: App,
    time: f64,
}

impl Window {
    fn open(commands: Vec<Command>) -> Self {
        let (wake, woken) = channel();
        let mut session = Session::new(Arc::new(move || wake.send(()).unwrap_or_default()));
        for command in commands {
            session.apply(command);
        }
        while !session.is_idle() {
            session.poll();
            woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        }
        let context = egui::Context::default();
        install(&context);
        let mut window = Self { context, app: App::new(session, Picker::Typed), time: 0.0 };
        // The first frames measure text and columns.
        (0..10).for_each(|_| window.frame(Vec::new()));
        window
    }

    fn frame(&mut self, events: Vec<egui::Event>) {
        self.time += 1.0 / 60.0;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1920.0, 1080.0))),
            time: Some(self.time),
            events,
            ..egui::RawInput::default()
        };
        let output = self.context.run_ui(input, |ui| self.app.show_ui(ui));
        divan::black_box(output.shapes.len());
    }
}

/// 20,000 items over 24 months, planned by the naive forecast.
fn many_items() -> Vec<Command> {
    let mut sales = String::from("date,item,quantity\n");
    for item in 0..20_000 {
        for month in 0..24 {
            let (year, number) = (2023 + month / 12, month % 12 + 1);
            writeln!(sales, "{year}-{number:02}-01,I{item:05},{}", 10 + (item * 7 + month * 13) % 29)
                .expect("a string");
        }
    }
    let path = std::env::temp_dir().join("planwright-bench-20000.csv");
    std::fs::write(&path, sales).expect("the temporary folder can be written");
    vec![
        Command::SetModels(Models::Named(vec!["naive".into()])),
        Command::SetHorizon(Horizon::new(3).expect("3 is in range").get()),
        Command::ImportSales(path),
    ]
}

/// A frame with the list of 20,000 items while the wheel turns: the list scrolls by five rows a frame.
#[divan::bench(sample_count = 100)]
fn scroll_20000_items(bencher: divan::Bencher) {
    let mut window = Window::open(many_items());
    assert_eq!(window.app.session().plan().map(|p| p.stock.len()), Some(20_000));
    let over_list = egui::Event::PointerMoved(egui::pos2(120.0, 600.0));
    window.frame(vec![over_list]);
    let wheel = egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -200.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    };
    bencher.bench_local(|| window.frame(vec![wheel.clone()]));
}

/// A frame in which a word is typed into the search over 20,000 items.
#[divan::bench(sample_count = 20)]
fn search_20000_items(bencher: divan::Bencher) {
    let mut window = Window::open(many_items());
    let key = |pressed| egui::Event::Key {
        key: egui::Key::F,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: egui::Modifiers::COMMAND,
    };
    window.frame(vec![key(true)]);
    window.frame(vec![key(false)]);
    let mut digit = 0;
    bencher.bench_local(|| {
        digit = (digit + 1) % 10;
        window.frame(vec![egui::Event::Text(digit.to_string())]);
    });
}

/// A frame of the stock panel in which a lever moves: session, simulation on 1,000 paths and both charts.
#[divan::bench(sample_count = 100)]
fn drag_safety_stock(bencher: divan::Bencher) {
    let mut window = Window::open(vec![Command::OpenSample(Sample::Company)]);
    let key = egui::Event::Key {
        key: egui::Key::Num3,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: egui::Modifiers::COMMAND,
    };
    window.frame(vec![key]);
    (0..5).for_each(|_| window.frame(Vec::new()));
    // The button is down beside every control, as it is on a lever while it moves.
    let button = egui::PointerButton::Primary;
    let (pos, modifiers) = (egui::pos2(700.0, 1070.0), egui::Modifiers::NONE);
    window.frame(vec![egui::Event::PointerMoved(pos)]);
    window.frame(vec![egui::Event::PointerButton { pos, button, pressed: true, modifiers }]);
    let id: SeriesId = window.app.session().selected().expect("an item is selected").clone();
    let mut units = 50.0;
    bencher.bench_local(|| {
        units = 50.0 + (units + 7.0) % 150.0;
        let change = Change::Set(units);
        let lever = Command::SetLever(Lever::SafetyStock, Scope::Series(id.clone()), change, Gesture::Drag);
        window.app.session_mut().apply(lever);
        window.frame(Vec::new());
    });
}

/// A frame of the forecast page while networks over all items train on every core: none may take 50 ms.
#[divan::bench(sample_count = 300)]
fn train_over_all(bencher: divan::Bencher) {
    let mut window = Window::open(vec![Command::OpenSample(Sample::Company)]);
    let key = egui::Event::Key {
        key: egui::Key::Num2,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: egui::Modifiers::COMMAND,
    };
    window.frame(vec![key]);
    let endless = NetworkOptions { epochs: 100_000, ..NetworkOptions::default() };
    window.app.session_mut().apply(Command::CompareNetworks(vec!["hybrid".into()], endless, Device::Cpu));
    let epochs = |window: &Window| window.app.session().job().map_or(0, |job| job.losses.len());
    while epochs(&window) < 2 {
        window.frame(Vec::new());
        std::thread::sleep(Duration::from_millis(1));
    }
    bencher.bench_local(|| window.frame(Vec::new()));
    assert!(epochs(&window) >= 2, "it still trains");
}

/// From "cancel" to a free worker while the original network trains on one item: must stay under 200 ms.
#[divan::bench(sample_count = 20)]
fn cancel_training(bencher: divan::Bencher) {
    let endless = LstmOptions { epochs: 10_000, patience: 0, ..LstmOptions::default() };
    let mut window = Window::open(vec![Command::OpenSample(Sample::Company)]);
    window.app.session_mut().apply(Command::SetLstm(endless));
    let window = RefCell::new(window);
    bencher
        .with_inputs(|| {
            let mut window = window.borrow_mut();
            let session = window.app.session_mut();
            session.apply(Command::TrainNetwork);
            while session.job().is_none_or(|job| job.losses.len() < 2) {
                session.poll();
                std::thread::sleep(Duration::from_millis(1));
            }
        })
        .bench_local_values(|()| {
            let mut window = window.borrow_mut();
            let session = window.app.session_mut();
            session.apply(Command::Cancel);
            while session.job().is_some() {
                session.poll();
                std::thread::yield_now();
            }
        });
}
