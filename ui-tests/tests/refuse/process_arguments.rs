use background::background;

#[background(process, dedicated)]
fn twice() {}

#[background(process, stack_size = "2 MiB")]
fn stack() {}

#[background(memory = "256 MiB", cpu = 2s, max_calls = 100)]
fn without() {}

#[background(process, memory = 0, cpu = 0s, max_calls = 0)]
fn none() {}

#[background(process, memory = "much", cpu = 2, max_calls = -1)]
fn odd() {}

fn main() {
    twice();
    stack();
    without();
    none();
    odd();
}
