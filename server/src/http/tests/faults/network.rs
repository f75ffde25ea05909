//! A network as villages have it, between the phone's own code and the real router.

use std::cell::{Cell, RefCell};

use app::offline::sync_client::{Transport, Unreachable};

use super::Chance;
use crate::test_app::TestApp;

/// Loses requests and answers, doubles them, brings them late and in another order, cuts them short.
pub(super) struct Network<'a> {
    app: &'a TestApp,
    chance: Chance,
    /// Nothing happens to requests any more.
    pub(super) calm: Cell<bool>,
    /// On their way while the phone has given up on them: path, token, body.
    late: RefCell<Vec<(String, String, String)>>,
}

impl<'a> Network<'a> {
    pub(super) fn new(app: &'a TestApp, chance: Chance) -> Self {
        Self { app, chance, calm: Cell::new(false), late: RefCell::default() }
    }

    /// One late request arrives, not necessarily the one sent first; returns whether there was one.
    pub(super) async fn bring_a_late_one(&self) -> bool {
        let count = self.late.borrow().len();
        if count == 0 {
            return false;
        }
        let (path, token, body) = self.late.borrow_mut().remove(self.chance.below(count));
        self.deliver(&path, &token, body).await;
        true
    }

    async fn deliver(&self, path: &str, token: &str, body: String) -> (u16, String) {
        let answer = self.app.post(path, token, body).await;
        (answer.status.as_u16(), answer.text)
    }

    fn delay(&self, path: &str, token: &str, body: &str) {
        self.late.borrow_mut().push((path.to_owned(), token.to_owned(), body.to_owned()));
    }

    /// Returns the beginning of a text, cut anywhere.
    fn cut(&self, text: &str) -> String {
        let mut end = self.chance.below(text.len().max(1));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    }
}

impl Transport for &Network<'_> {
    async fn post(&self, path: &str, token: &str, body: String) -> Result<(u16, String), Unreachable> {
        let fate = if self.calm.get() { usize::MAX } else { self.chance.below(16) };
        match fate {
            // Never arrives.
            0 => Err(Unreachable),
            // Arrives, its answer does not.
            1 | 2 => {
                self.deliver(path, token, body).await;
                Err(Unreachable)
            }
            // Arrives twice at the same moment.
            3 => Ok(tokio::join!(self.deliver(path, token, body.clone()), self.deliver(path, token, body)).1),
            // Arrives when the phone has given up.
            4 => {
                self.delay(path, token, &body);
                Err(Unreachable)
            }
            // Arrives now, and once more later.
            5 => {
                self.delay(path, token, &body);
                Ok(self.deliver(path, token, body).await)
            }
            // The connection breaks in the middle of the request, or of the answer.
            6 => {
                self.deliver(path, token, self.cut(&body)).await;
                Err(Unreachable)
            }
            7 => {
                let (status, answer) = self.deliver(path, token, body).await;
                Ok((status, self.cut(&answer)))
            }
            // Something between phone and server is overloaded.
            8 => Ok((503, "<html>".into())),
            _ => Ok(self.deliver(path, token, body).await),
        }
    }
}
