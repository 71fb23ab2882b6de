//! Where tensors live: chosen when the program runs, among what was built in.

use candle_core::{Device, Result};

/// A way to open the first device of a kind, and the kind's name.
type Kind = (&'static str, fn(usize) -> Result<Device>);

/// The best device that this build and this machine have, and a word on why it is that one.
///
/// CUDA is tried first, then Metal, then it is the CPU. A kind that was not built in (`--features cuda`,
/// `--features metal`) and a kind that does not answer are both passed over, and the word says which it was.
///
/// ```
/// let (device, why) = candle_chapter::device::choose();
/// println!("{why}");
/// assert!(device.is_cpu() || cfg!(any(feature = "cuda", feature = "metal")));
/// ```
pub fn choose() -> (Device, String) {
    first_of(&[("CUDA", Device::new_cuda), ("Metal", Device::new_metal)])
}

fn first_of(kinds: &[Kind]) -> (Device, String) {
    let mut passed_over = Vec::new();
    for (name, open) in kinds {
        match open(0) {
            Ok(device) => return (device, format!("on {name}")),
            // Below the first line there is a backtrace, if the environment asks for one.
            Err(error) => {
                let error = error.to_string();
                let reason = error.lines().next().unwrap_or_default();
                passed_over.push(format!("no {name}: {reason}"));
            }
        }
    }
    (
        Device::Cpu,
        format!("on the CPU ({})", passed_over.join("; ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_open_is_passed_over_with_its_reason() {
        let broken = |_| candle_core::bail!("the driver is too old");
        let (device, why) = first_of(&[("CUDA", broken)]);
        assert!(device.is_cpu());
        assert_eq!(why, "on the CPU (no CUDA: the driver is too old)");
    }

    #[test]
    fn the_first_that_opens_is_taken() {
        let (_, why) = first_of(&[("Best", |_| Ok(Device::Cpu)), ("Next", |_| Ok(Device::Cpu))]);
        assert_eq!(why, "on Best");
    }
}
