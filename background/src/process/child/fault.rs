//! What a dying worker leaves behind, so that the program can say more than the number of a signal.
//!
//! Everything here runs inside of a signal handler: it allocates nothing and takes no lock.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::io::Write;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::Arc;

use crate::process::cause::Cause;
use crate::process::channel::mapping::Mapping;
use crate::sync::global::{AtomicPtr, AtomicU64, Ordering};

/// Where the note goes. Never freed: the handler may come at any time.
static MEMORY: AtomicPtr<Mapping> = AtomicPtr::new(ptr::null_mut());

/// How many bytes of data the process may have; 0 without a limit.
static MOST: AtomicU64 = AtomicU64::new(0);

/// How many of them are the call's.
static OF_THE_CALL: AtomicU64 = AtomicU64::new(0);

/// The signals that a broken body dies of.
const SIGNALS: [c_int; 5] =
    [libc::SIGSEGV, libc::SIGBUS, libc::SIGABRT, libc::SIGILL, libc::SIGFPE];

/// A handler needs a stack, the overflow of the other being one of its occasions.
const STACK: usize = 64 * 1024;

/// Installs the handlers.
pub(super) fn install(memory: &Arc<Mapping>) {
    let kept = Arc::into_raw(Arc::clone(memory)).cast_mut();
    // ORDERING: Release pairs with the Acquire in `on_signal`.
    MEMORY.store(kept, Ordering::Release);
    let stack = Box::leak(vec![0_u8; STACK].into_boxed_slice());
    let stack = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: STACK };
    // SAFETY: the stack is large enough and never freed.
    unsafe { libc::sigaltstack(&raw const stack, ptr::null_mut()) };
    for signal in SIGNALS {
        // SAFETY: all zeros is a valid value.
        let mut action = unsafe { MaybeUninit::<libc::sigaction>::zeroed().assume_init() };
        let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = on_signal;
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESETHAND;
        // SAFETY: the handler does only what a handler may do.
        unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) };
    }
    for signal in [libc::SIGPIPE, libc::SIGTTOU] {
        // SAFETY: as Rust's own start does for the first; the second would stop a worker that prints
        // to a terminal from the background.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// The process may have `most` bytes of data, of which `of_the_call` are the call's; 0 ends that.
pub(super) fn expect_shortage(most: u64, of_the_call: u64) {
    // ORDERING: Relaxed. Read by a handler on this thread, or on one that shows the same shortage.
    OF_THE_CALL.store(of_the_call, Ordering::Relaxed);
    // ORDERING: Relaxed, as above.
    MOST.store(most, Ordering::Relaxed);
}

extern "C" fn on_signal(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // ORDERING: Acquire pairs with the Release in `install`.
    let memory = MEMORY.load(Ordering::Acquire);
    // SAFETY: null or leaked.
    if let Some(memory) = unsafe { memory.as_ref() } {
        // SAFETY: the system gives it for every signal.
        if is_short_of_memory(signal, unsafe { &*info }) {
            // ORDERING: Relaxed. The program reads it when this process is dead.
            memory.front().cause.store(Cause::OutOfMemory as u32, Ordering::Relaxed);
        } else if matches!(signal, libc::SIGSEGV | libc::SIGBUS) {
            // SAFETY: the system gives both for these signals.
            let (sent, address) = unsafe { ((*info).si_code <= 0, (*info).si_addr().addr()) };
            if !sent {
                // SAFETY: the system gives it.
                let stack = unsafe { stack_pointer(context) };
                tell_fault(memory, address, stack);
            }
        }
    }
    // The action is the default again (SA_RESETHAND); the signal is delivered when this returns.
    // SAFETY: raise may be called in a handler.
    unsafe { libc::raise(signal) };
}

/// Notes what kind of fault it was.
fn tell_fault(memory: &Mapping, address: usize, stack: Option<usize>) {
    /// So far from the end of the stack a function may reach at once.
    const REACH: usize = 128 * 1024;
    let overflow = stack.is_some_and(|stack| stack.abs_diff(address) < REACH);
    let mut text = [0_u8; 96];
    let mut rest = &mut text[..];
    let what = if overflow { "stack overflow" } else { "invalid access to memory" };
    let _ = write!(rest, "{what} (at {address:#x})");
    let left = rest.len();
    let written = text.len() - left;
    memory.leave_note(&text[..written]);
}

/// It is the limit of memory that this process dies of.
fn is_short_of_memory(signal: c_int, info: &libc::siginfo_t) -> bool {
    // ORDERING: Relaxed, as in `expect_shortage`.
    let most = MOST.load(Ordering::Relaxed);
    if most == 0 {
        return false;
    }
    match signal {
        libc::SIGABRT => match who_aborts() {
            Some(Aborts::ForWantOfMemory) => true,
            Some(Aborts::OfItsOwn) => false,
            // Code of other languages, which has its own ways.
            None => is_nearly_used_up(most),
        },
        // What an allocator has refused was used without a look. That is near the address zero.
        libc::SIGSEGV | libc::SIGBUS => {
            // SAFETY: the system gives it for these signals.
            let address = unsafe { info.si_addr() }.addr();
            info.si_code > 0 && address < NEAR_ZERO && is_used_up(most)
        }
        _ => false,
    }
}

/// Nothing is ever mapped below.
const NEAR_ZERO: usize = 4096;

/// The call has used so much memory that what grows by doubling fails.
fn is_nearly_used_up(most: u64) -> bool {
    // It fails when it has between a third and a half.
    has_left(most, 2, 3)
}

/// The call has used up nearly all memory that it may have.
fn is_used_up(most: u64) -> bool {
    has_left(most, 1, 8)
}

/// The call has less than such a part left of the memory that it may have.
fn has_left(most: u64, part: u64, of: u64) -> bool {
    // ORDERING: Relaxed, as above.
    let own = OF_THE_CALL.load(Ordering::Relaxed);
    most.saturating_sub(in_use()) < own / of * part
}

/// Rust code that aborts.
#[derive(Clone, Copy)]
enum Aborts {
    ForWantOfMemory,
    OfItsOwn,
}

/// The functions of the standard library through which this thread aborts, if it does so through
/// one of them.
fn who_aborts() -> Option<Aborts> {
    let mut found = None;
    // SAFETY: the unwinder calls `look` with what it was given, and until this returns.
    unsafe { _Unwind_Backtrace(look, (&raw mut found).cast()) };
    found
}

/// Looks at one function of those on the stack.
extern "C" fn look(context: *mut c_void, found: *mut c_void) -> c_int {
    const GO_ON: c_int = 0;
    const ENOUGH: c_int = 5;
    let want = std::alloc::handle_alloc_error as fn(std::alloc::Layout) -> ! as *const c_void;
    let abort = std::process::abort as fn() -> ! as *const c_void;
    // SAFETY: the unwinder gives its own context.
    let function = unsafe { _Unwind_FindEnclosingFunction(_Unwind_GetIP(context)) };
    // SAFETY: it is what `who_aborts` has given.
    let found = unsafe { &mut *found.cast::<Option<Aborts>>() };
    if ptr::eq(function, want) {
        *found = Some(Aborts::ForWantOfMemory);
        return ENOUGH;
    }
    if ptr::eq(function, abort) {
        // What is short of memory aborts through this too, from further up.
        *found = Some(Aborts::OfItsOwn);
    }
    GO_ON
}

unsafe extern "C" {
    /// Takes no lock that an allocator could hold, and allocates nothing.
    fn _Unwind_Backtrace(
        look: extern "C" fn(*mut c_void, *mut c_void) -> c_int,
        found: *mut c_void,
    ) -> c_int;
    fn _Unwind_GetIP(context: *mut c_void) -> *mut c_void;
    fn _Unwind_FindEnclosingFunction(place: *mut c_void) -> *mut c_void;
}

/// Bytes of data of this process, found without allocating.
fn in_use() -> u64 {
    let mut text = [0_u8; 128];
    // SAFETY: a text that ends in a zero byte; opening a file is allowed in a handler.
    let file = unsafe { libc::open(c"/proc/self/statm".as_ptr(), libc::O_RDONLY) };
    // SAFETY: the buffer is that large.
    let count = unsafe { libc::read(file, text.as_mut_ptr().cast(), text.len()) };
    // SAFETY: the descriptor is ours.
    unsafe { libc::close(file) };
    let count = usize::try_from(count).unwrap_or(0).min(text.len());
    let mut fields = text[..count].split(|byte| *byte == b' ');
    let pages = fields.nth(5).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit());
    let pages = pages.fold(0_u64, |sum, digit| sum.wrapping_mul(10) + u64::from(digit - b'0'));
    pages.saturating_mul(4096)
}

/// Where the stack ended when the signal came.
///
/// # Safety
///
/// `context` is what the system has given to a handler.
#[allow(clippy::unnecessary_wraps, reason = "not known on every machine")]
unsafe fn stack_pointer(context: *mut c_void) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: by contract.
        let context = unsafe { &*context.cast::<libc::ucontext_t>() };
        usize::try_from(context.uc_mcontext.gregs[libc::REG_RSP as usize]).ok()
    }
    #[cfg(target_arch = "aarch64")]
    {
        // SAFETY: by contract.
        let context = unsafe { &*context.cast::<libc::ucontext_t>() };
        usize::try_from(context.uc_mcontext.sp).ok()
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let _ = context;
        None
    }
}
