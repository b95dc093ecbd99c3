//! The peers, each as its users would set it up.

use std::sync::LazyLock;

use tokio::runtime::Runtime;

/// tokio with as many workers as cores.
pub(crate) static TOKIO: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().enable_time().build().expect("a runtime")
});

pub(crate) static CHILI: LazyLock<chili::ThreadPool> = LazyLock::new(chili::ThreadPool::new);

#[cfg(background_forte)]
pub(crate) fn forte() -> &'static forte::ThreadPool {
    static POOL: forte::ThreadPool = forte::ThreadPool::new();
    static POPULATED: LazyLock<usize> = LazyLock::new(|| POOL.resize_to_available());
    LazyLock::force(&POPULATED);
    &POOL
}
