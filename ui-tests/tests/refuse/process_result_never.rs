use background::background;

#[background(process)]
fn serve(port: u16) -> ! {
    loop {
        std::hint::black_box(port);
    }
}

#[background(process)]
fn wait() -> std::convert::Infallible {
    loop {}
}

fn main() {
    serve(1);
    wait();
}
