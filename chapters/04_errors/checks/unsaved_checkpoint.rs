//! What `unsaved_checkpoint` must do: train to the end whatever the disk says, and tell whoever watches when it says no.

use super::{Disk, train};
use std::env;
use std::process::Command;

/// A disk with room for so many checkpoints.
fn disk(room: usize) -> Disk {
    let saved = Vec::new();
    Disk { room, saved }
}

#[test]
fn saves_a_checkpoint_an_epoch() {
    let mut disk = disk(10);
    train(1.0, 3, &mut disk);
    let got = disk.saved;
    let want = [0.5, 0.25, 0.125];
    assert_eq!(got, want, "checkpoints of 3 epochs");
}

#[test]
fn a_full_disk_does_not_end_the_training() {
    let mut disk = disk(1);
    let got = train(1.0, 3, &mut disk);
    let want = 0.125;
    assert_eq!(got, want, "the weight after 3 epochs, disk full");
}

#[test]
fn goes_on_saving_when_there_is_room_again() {
    let mut disk = disk(1);
    train(1.0, 2, &mut disk);
    disk.room = 2;
    train(8.0, 1, &mut disk);
    let got = disk.saved;
    let want = [0.5, 4.0];
    assert_eq!(got, want, "checkpoints, the second one later");
}

/// Set where this program was started by itself: the room on the disk.
const ROOM: &str = "UNSAVED_CHECKPOINT_ROOM";

/// How many lines a process of its own writes to standard error while it trains for three epochs.
fn lines_told(room: usize) -> usize {
    let check = "checks::each_failure_is_told_on_standard_error";
    let output = Command::new(env::current_exe().expect("this program has a path"))
        .args(["--exact", check, "--nocapture"])
        .env(ROOM, room.to_string())
        .output()
        .expect("this program can be started again");
    String::from_utf8_lossy(&output.stderr).lines().count()
}

// What is told and how is free. Two of three checkpoints are lost with room for one, and none with room for three.
#[test]
fn each_failure_is_told_on_standard_error() {
    if let Ok(room) = env::var(ROOM) {
        train(1.0, 3, &mut disk(room.parse().expect("a number")));
        return;
    }
    let got = (lines_told(3), lines_told(1).min(2));
    let want = (0, 2);
    assert_eq!(got, want, "lines told: all saved, two not saved");
}
