use background::background;

#[background]
fn serve() -> ! {
    loop {
        std::thread::park();
    }
}

fn main() {
    let _ = serve();
}
