//! A GPU whose memory runs out is given less at once; one that still can't, or that is lost, leaves the work to the CPU.

use super::engine::Stop;
use super::places::Place;
use super::training::Failure;
use super::words;
use crate::words::Text;

/// Fewest windows that a GPU is given at once.
const FEWEST: usize = 32;

/// Runs `attempt` with up to `most` windows at once, from its start with half of them whenever the GPU's memory runs out,
/// and on the CPU when the GPU can't; with what to tell the user of it.
pub(super) fn persist<T>(
    place: &Place,
    most: usize,
    mut attempt: impl FnMut(&Place, usize) -> Result<T, Failure>,
) -> (Result<T, Failure>, Text) {
    let mut at_once = most;
    loop {
        let outcome = attempt(place, at_once);
        let (Place::Gpu(_), Err(Failure::Stopped(Stop::Device(reason)))) = (place, &outcome) else {
            return (outcome, if at_once < most { words::spared(at_once) } else { Text::default() });
        };
        if !is_out_of_memory(reason) {
            return (attempt(&Place::Cpu, most), words::gave_up(reason));
        }
        if at_once <= FEWEST {
            return (attempt(&Place::Cpu, most), words::no_memory(at_once));
        }
        at_once = (at_once / 2).max(FEWEST);
    }
}

/// Whether a device's message says that its memory ran out: the driver's own words and names, those of its libraries for
/// products, and Metal's.
fn is_out_of_memory(reason: &str) -> bool {
    let letters: String = reason.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    ["outofmemory", "statusallocfailed", "memoryallocation", "failedtoallocate", "failedtocreatebuffer"]
        .iter()
        .any(|form| letters.contains(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gpu() -> Place {
        Place::Gpu(candle_core::Device::Cpu)
    }

    /// What is asked of a GPU that takes `room` windows, and what is told.
    fn asked(most: usize, room: usize, reason: &str) -> (Vec<usize>, bool, Text) {
        let mut asked = Vec::new();
        let (on_gpu, note) = persist(&gpu(), most, |place, at_once| {
            asked.push(at_once);
            let on_gpu = matches!(place, Place::Gpu(_));
            if on_gpu && at_once > room { Err(Failure::Stopped(Stop::Device(reason.into()))) } else { Ok(on_gpu) }
        });
        (asked, on_gpu.unwrap(), note)
    }

    #[test]
    fn memory_that_runs_out_halves_what_is_done_at_once() {
        let full = r#"DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")"#;
        let (tried, on_gpu, note) = asked(512, 512, full);
        assert!(tried == [512] && on_gpu && note.is_empty());
        let (tried, on_gpu, note) = asked(500, 70, full);
        assert_eq!((tried, on_gpu), (vec![500, 250, 125, 62], true));
        assert!(
            note.en.contains("memory ran out") && note.en.contains("62 windows") && note.zh.contains("62"),
            "{note}"
        );
        let (tried, on_gpu, note) = asked(100, 10, full);
        assert_eq!((tried, on_gpu), (vec![100, 50, 32, 100], false));
        assert!(note.en.contains("even 32 windows") && note.zh.contains("CPU"), "{note}");
        // A small batch is not made larger.
        assert_eq!(asked(8, 4, full).0, [8, 8]);
    }

    #[test]
    fn a_device_that_is_lost_is_not_asked_again() {
        let (tried, on_gpu, note) = asked(512, 0, "DriverError(CUDA_ERROR_DEVICE_UNAVAILABLE, \"busy\")\nat …");
        assert_eq!((tried, on_gpu), (vec![512, 512], false));
        assert!(note.en.contains("GPU gave up (DriverError(CUDA_ERROR_DEVICE_UNAVAILABLE"), "{note}");
    }

    #[test]
    fn what_is_no_matter_of_the_device_is_passed_on() {
        for (failure, place) in [
            (Failure::Diverged { epoch: 3 }, gpu()),
            (Failure::Stopped(Stop::Cancelled(crate::control::Cancelled)), gpu()),
            (Failure::Stopped(Stop::Device("out of memory".into())), Place::Cpu),
        ] {
            let mut count = 0;
            let (outcome, note) = persist(&place, 512, |_, _| {
                count += 1;
                Err::<(), _>(failure.clone())
            });
            assert_eq!((outcome, count, note.is_empty()), (Err(failure), 1, true));
        }
    }

    #[test]
    fn memory_errors_are_known_by_their_words() {
        for full in [
            r#"DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")"#,
            "CublasError(CUBLAS_STATUS_ALLOC_FAILED)",
            "CUDNN_STATUS_ALLOC_FAILED",
            "CUDA out of memory. Tried to allocate 2.00 GiB",
            "cudaErrorMemoryAllocation",
            "Failed to create buffer",
            "kIOGPUCommandBufferCallbackErrorOutOfMemory",
        ] {
            assert!(is_out_of_memory(full), "{full}");
        }
        for other in ["CUDA_ERROR_ILLEGAL_ADDRESS", "device lost", "CUDA_ERROR_ECC_UNCORRECTABLE", ""] {
            assert!(!is_out_of_memory(other), "{other}");
        }
    }
}
