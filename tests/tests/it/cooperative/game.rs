//! The example that plays a game, in no time.

use std::time::Duration;

use background_tests::{Run, within};

#[test]
fn three_seconds_of_a_game_take_no_time() {
    within(|| {
        let [first, second] =
            [(); 2].map(|()| Run::example("game_loop").arg("--instantly").finish().succeeded());
        assert!(first.took < Duration::from_secs(3), "{first:#?}");
        assert_eq!(first.stdout, second.stdout, "it always goes the same way");
        let frames = first.lines();
        assert_eq!(frames.len(), 30);
        assert_eq!(frames[0], "o................... 0");
        assert_eq!(frames[1], ".o.................. 0");
        assert_eq!(frames[18], "..................o. 0");
        assert_eq!(frames[19], "...................o 1 hit!");
        assert_eq!(frames[22], "................o... 1");
        assert_eq!(frames[29], ".........o.......... 1");
    });
}
