//! Work that is paused waits and loses nothing; cancelled meanwhile it stops.

use planwright::control::{Cancelled, Control};
use planwright::text;
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Long enough for anything that isn't waiting; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

type Work = JoinHandle<Result<(), Cancelled>>;

/// Two threads of a pool of their own that count until they are stopped, telling each number.
fn counting(control: &Control) -> (Work, Receiver<usize>) {
    let (tell, told) = sync_channel(0);
    let control = control.clone();
    let count = Arc::new(AtomicUsize::new(0));
    let work = move || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        pool.install(|| {
            (0..2_usize).into_par_iter().try_for_each_with(tell, |tell, _| {
                loop {
                    control.report(0.5, &text!("counting", "计数"))?;
                    tell.send(count.fetch_add(1, Ordering::SeqCst)).unwrap_or_default();
                    // Nested work of the same pool waits and goes on as well.
                    (0..4_usize).into_par_iter().try_for_each(|_| control.check())?;
                }
            })
        })
    };
    (std::thread::spawn(work), told)
}

/// True when nothing more is told: each thread may have been between its look and its word, once.
fn is_quiet(told: &Receiver<usize>) -> bool {
    (0..3).any(|_| told.recv_timeout(Duration::from_millis(300)) == Err(RecvTimeoutError::Timeout))
}

#[test]
fn paused_work_waits_and_goes_on() {
    let control = Control::silent();
    let (work, told) = counting(&control);
    told.recv_timeout(PATIENCE).expect("it runs");
    assert!(!control.is_paused());
    control.pause();
    assert!(control.is_paused() && !control.is_cancelled());
    assert!(is_quiet(&told), "it waits");
    control.part(0.2, 0.4).resume();
    assert!(!control.is_paused(), "parts share the request");
    told.recv_timeout(PATIENCE).expect("it goes on");
    control.cancel();
    drop(told);
    assert_eq!(work.join().unwrap(), Err(Cancelled));
}

#[test]
fn a_cancel_wakes_paused_work_and_stands() {
    let control = Control::silent();
    let (work, told) = counting(&control);
    told.recv_timeout(PATIENCE).expect("it runs");
    control.pause();
    assert!(is_quiet(&told));
    let (done, finished) = channel();
    let waiter = std::thread::spawn(move || done.send(work.join().unwrap()).unwrap_or_default());
    control.cancel();
    assert_eq!(finished.recv_timeout(PATIENCE), Ok(Err(Cancelled)));
    waiter.join().unwrap();
    // Whatever is asked for afterwards: it was stopped.
    control.pause();
    control.resume();
    assert!(control.is_cancelled() && !control.is_paused());
    assert_eq!(control.check(), Err(Cancelled));
}
