//! What drawings follow: whoever reads a followed value while running is run again after it has changed.
//!
//! The phone's twenty islands need no more of reactivity than this; Leptos's graph of signals, effects and owners cost
//! 15 KB of the 120 KB that the bundle may have. On the server everything is drawn once and nothing ever changes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

thread_local! {
    static RUNNING: RefCell<Option<Rc<Follower>>> = const { RefCell::new(None) };
}

/// Something that runs again when what it read has changed. Lives as long as the page.
struct Follower {
    run: Box<dyn Fn()>,
    is_due: Cell<bool>,
}

impl Follower {
    fn run_now(self: &Rc<Self>) {
        self.is_due.set(false);
        let before = RUNNING.replace(Some(Rc::clone(self)));
        (self.run)();
        RUNNING.set(before);
    }

    /// Runs in a moment, once for all changes until then: whoever changes a value may still hold another one.
    fn run_soon(self: &Rc<Self>) {
        if !self.is_due.replace(true) {
            let follower = Rc::clone(self);
            crate::phone::run(async move { follower.run_now() });
        }
    }
}

/// Runs something now, and again whenever what it read has changed.
pub fn follow(run: impl Fn() + 'static) {
    Rc::new(Follower { run: Box::new(run), is_due: Cell::new(false) }).run_now();
}

/// Tells an island to draw anew after its own state has changed.
#[derive(Clone, Default)]
pub struct Redraw(Rc<RefCell<Vec<Rc<Follower>>>>);

impl Redraw {
    /// Returns a new one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Draws anew.
    pub fn now(&self) {
        for follower in &*self.0.borrow() {
            follower.run_soon();
        }
    }

    /// Follows: to be called while drawing.
    pub fn follow(&self) {
        let Some(running) = RUNNING.with_borrow(Clone::clone) else { return };
        let mut followers = self.0.borrow_mut();
        if !followers.iter().any(|follower| Rc::ptr_eq(follower, &running)) {
            followers.push(running);
        }
    }
}

/// A value that drawings follow.
#[derive(Clone, Default)]
pub struct Followed<T> {
    value: Rc<RefCell<T>>,
    redraw: Redraw,
}

impl<T> Followed<T> {
    /// Returns one that starts with this value.
    pub fn new(value: T) -> Self {
        Self { value: Rc::new(RefCell::new(value)), redraw: Redraw::new() }
    }

    /// Reads the value and follows it.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.redraw.follow();
        self.with_untracked(read)
    }

    /// Reads the value without following it.
    pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.borrow())
    }

    /// Changes the value.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.borrow_mut());
        self.redraw.now();
    }
}
