//! "Nghe": reads the screen shown with the phone's own Vietnamese voice. Hidden where there is none.

use crate::components::follow::Followed;
use crate::components::icon::Icon;
use crate::components::parts::button;
use crate::components::stage::{Place, stage};
use crate::i18n::t;

/// The button in the head of a lesson.
pub fn read_aloud() -> Place {
    stage("read_aloud", "listen-place", |()| {
        let has_voice = Followed::new(false);
        let speaking = Followed::new(false);
        #[cfg(feature = "hydrate")]
        speech::watch_for_voice(has_voice.clone());
        Box::new(move || {
            let word = if speaking.with(|is| *is) { t("listen-stop") } else { t("listen") };
            let press = {
                let speaking = speaking.clone();
                move || {
                    #[cfg(feature = "hydrate")]
                    speech::toggle(&speaking);
                    #[cfg(not(feature = "hydrate"))]
                    let _ = &speaking;
                }
            };
            button("listen", Some(Icon::Speaker), word, press).flag("hidden", !has_voice.with(|has| *has))
        })
    })
}

#[cfg(feature = "hydrate")]
mod speech {
    use crate::components::follow::Followed;
    use wasm_bindgen::prelude::*;
    use web_sys::{SpeechSynthesis, SpeechSynthesisUtterance, SpeechSynthesisVoice};

    /// Slower than talk: learners listen and look at once.
    const RATE: f32 = 0.9;

    fn synthesis() -> Option<SpeechSynthesis> {
        let window = web_sys::window()?;
        // Some in-app browsers have no speech at all; asking for it would throw.
        js_sys::Reflect::has(&window, &"speechSynthesis".into()).ok().filter(|has| *has)?;
        window.speech_synthesis().ok()
    }

    fn vietnamese_voice() -> Option<SpeechSynthesisVoice> {
        let voices = synthesis()?.get_voices();
        voices
            .iter()
            .filter_map(|voice| voice.dyn_into::<SpeechSynthesisVoice>().ok())
            .find(|voice| voice.lang().get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("vi")))
    }

    /// Voices come late on Android: looks now, and again whenever the list changes.
    pub(super) fn watch_for_voice(has_voice: Followed<bool>) {
        let Some(synthesis) = synthesis() else { return };
        let look = move || has_voice.update(|has| *has = vietnamese_voice().is_some());
        let changed = Closure::<dyn FnMut()>::new(look.clone());
        let _ = js_sys::Reflect::set(&synthesis, &"onvoiceschanged".into(), changed.as_ref());
        // Lives as long as the page does.
        changed.forget();
        look();
    }

    pub(super) fn toggle(speaking: &Followed<bool>) {
        let Some(synthesis) = synthesis() else { return };
        synthesis.cancel();
        if speaking.with_untracked(|is| *is) {
            speaking.update(|is| *is = false);
            return;
        }
        let (Some(voice), Some(text)) = (vietnamese_voice(), shown_text()) else { return };
        let Ok(utterance) = SpeechSynthesisUtterance::new_with_text(&text) else { return };
        utterance.set_voice(Some(&voice));
        utterance.set_lang("vi-VN");
        utterance.set_rate(RATE);
        let said = speaking.clone();
        let done = Closure::once_into_js(move || said.update(|is| *is = false));
        utterance.set_onend(Some(done.unchecked_ref()));
        synthesis.speak(&utterance);
        speaking.update(|is| *is = true);
    }

    /// Returns the words of the screen shown: everything marked to be read aloud, in order.
    fn shown_text() -> Option<String> {
        let document = web_sys::window()?.document()?;
        let screen = document.document_element()?.get_attribute("data-screen")?;
        let parts = document.query_selector_all(&format!("#m{screen} [data-read]")).ok()?;
        let texts: Vec<String> = (0..parts.length())
            .filter_map(|at| parts.item(at)?.text_content())
            .map(|text| text + ".")
            .collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }
}
