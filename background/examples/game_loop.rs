//! A game on one thread: clock, ball, scene and player are routines of a cooperative worker.
//!
//! `game_loop [--instantly]`: plays three seconds at ten frames a second, and prints each frame. With
//! `--instantly` a virtual clock makes three seconds of nothing, and the frames are the same.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use background::cooperative::{Sender, Worker, repeat, sleep, timeout, unbounded};
use background::{Background, VirtualClock};

/// The field is so many columns wide.
const WIDTH: u32 = 20;
const FRAME: Duration = Duration::from_millis(100);
const GAME: Duration = Duration::from_secs(3);

/// What all routines see. They share one thread, so there is nothing to lock.
#[derive(Default)]
struct Game {
    ball: Cell<u32>,
    score: Cell<u32>,
    frames: Cell<u32>,
    says: RefCell<String>,
}

fn main() {
    let instantly = std::env::args().skip(1).any(|argument| argument == "--instantly");
    let worker = if instantly { Worker::with_clock(&VirtualClock::new()) } else { Worker::new() };
    let game = Rc::new(Game::default());
    let begin = Instant::now();
    let score = worker.assign(play(Rc::clone(&game)));
    worker.work();
    assert_eq!((*score, game.frames.get()), (1, 30));
    eprintln!("{} frames in {:.1?}", game.frames.get(), begin.elapsed());
}

/// The game itself: starts the others, plays, and ends them.
async fn play(game: Rc<Game>) -> u32 {
    use background::cooperative::assign;

    let (hits, mut has_hit) = unbounded();
    let ball = assign(roll(Rc::clone(&game), hits));
    let scene = assign({
        // In between two moves of the ball.
        let game = Rc::clone(&game);
        async move {
            sleep(FRAME / 2).await;
            repeat(FRAME, move || draw(&game)).await
        }
    });
    let referee = assign({
        let game = Rc::clone(&game);
        async move {
            while has_hit.recv().await.is_some() {
                game.score.set(game.score.get() + 1);
                game.says.replace("hit!".to_owned());
                sleep(3 * FRAME).await;
                game.says.take();
            }
        }
    });
    // Nobody ends it before the time is over.
    assert!(timeout(GAME, std::future::pending::<()>()).await.is_err());
    for endless in [ball, scene] {
        Background::cancel(&endless);
    }
    // The ball took the other end of the channel with it.
    referee.await;
    game.score.get()
}

/// The ball rolls to and fro, and tells when it comes to the right-hand wall.
async fn roll(game: Rc<Game>, hits: Sender<()>) -> std::convert::Infallible {
    let mut right = true;
    loop {
        sleep(FRAME).await;
        let at = game.ball.get();
        right = if right { at + 1 < WIDTH } else { at == 0 };
        game.ball.set(if right { at + 1 } else { at - 1 });
        if game.ball.get() + 1 == WIDTH {
            // When the referee is gone, so is the game.
            let _ = hits.try_send(());
        }
    }
}

fn draw(game: &Game) {
    game.frames.set(game.frames.get() + 1);
    let line: String = (0..WIDTH).map(|x| if x == game.ball.get() { 'o' } else { '.' }).collect();
    let says = game.says.borrow();
    println!("{}", format!("{line} {} {says}", game.score.get()).trim_end());
}
