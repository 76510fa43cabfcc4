//! Work on bytes that may be hostile, with libraries that may panic on them: a panic there becomes an error here, and
//! nothing is printed.
use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Does some work; `None` where it panicked: what it worked on is not to be used any more.
pub(crate) fn isolated<T>(work: impl FnOnce() -> T) -> Option<T> {
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |about| {
            if !IS_QUIET.get() {
                loud(about);
            }
        }));
    });
    let before = IS_QUIET.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    IS_QUIET.set(before);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_end() {
        assert_eq!(isolated(|| 1), Some(1));
        assert_eq!(isolated(|| Vec::<u8>::new()[1]), None);
        assert!(!IS_QUIET.get());
    }
}
