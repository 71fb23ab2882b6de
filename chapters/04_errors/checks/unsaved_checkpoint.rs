//! What `unsaved_checkpoint` must do: train to the end whatever the disk says. That somebody is told when it says no, no
//! check here can see; the compiler can.

use super::{Disk, train};

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
