//! Agreeing with somebody's help: the text is read aloud, one box a purpose is ticked, and for a child somebody else agrees.

use domain::consent::{ConsentPurpose, Guardian, Relation};
use domain::event::check_name;
use domain::text::tidy_spaces;
use leptos::prelude::*;

use super::parts::{Asked, Doing, Field};
use crate::i18n::t;

/// What she agreed to, and who for her.
#[derive(Clone, Copy)]
pub(super) struct Agreement {
    agreed: RwSignal<Vec<ConsentPurpose>>,
    guardian: RwSignal<String>,
    relation: RwSignal<Relation>,
}

impl Agreement {
    /// Begins with nothing ticked.
    pub(super) fn empty() -> Self {
        Self {
            agreed: RwSignal::new(vec![]),
            guardian: RwSignal::new(String::new()),
            relation: RwSignal::new(Relation::Parent),
        }
    }

    /// Begins again with nothing ticked.
    fn clear(self) {
        self.agreed.set(vec![]);
        self.guardian.set(String::new());
    }

    /// Returns what was agreed, rising, and by whom for a child; or the code of what is missing.
    pub(super) fn get(self, is_child: bool) -> Result<(Vec<ConsentPurpose>, Option<Guardian>), &'static str> {
        let mut purposes = self.agreed.get_untracked();
        purposes.sort_unstable();
        if purposes.is_empty() {
            return Err("consent-missing");
        }
        if !is_child {
            return Ok((purposes, None));
        }
        let name = composed(&self.guardian.get_untracked());
        check_name(&name).map_err(|_| "guardian-missing")?;
        Ok((purposes, Some(Guardian { name, relation: self.relation.get_untracked() })))
    }
}

/// Returns a name with one space between words and composed letters: some keyboards send letters and marks apart.
pub(super) fn composed(name: &str) -> String {
    tidy_spaces(&String::from(js_sys::JsString::from(name).normalize("NFC")))
}

/// The agreement: the text to read aloud, one unticked box a purpose, and who agrees for a child.
#[component]
pub(super) fn Agree(
    /// What is being agreed.
    agreement: Agreement,
    /// Whether she may be under 16.
    is_child: Memo<bool>,
) -> impl IntoView {
    let tick = move |purpose: ConsentPurpose, words: String| {
        let change = move |event| {
            let is_agreed = event_target_checked(&event);
            agreement.agreed.update(|agreed| {
                agreed.retain(|one| *one != purpose);
                agreed.extend(is_agreed.then_some(purpose));
            });
        };
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    prop:checked=move || agreement.agreed.with(|agreed| agreed.contains(&purpose))
                    on:change=change
                />
                {words}
            </label>
        }
    };
    let relation = move |relation: Relation| {
        let value = word_of(relation);
        view! { <option value=value.0>{value.1}</option> }
    };
    let chosen = move |event| {
        let name = event_target_value(&event);
        let found = Relation::ALL.into_iter().find(|relation| word_of(*relation).0 == name);
        agreement.relation.set(found.unwrap_or(Relation::Parent));
    };
    let guardian = move || {
        is_child.get().then(|| {
            view! {
                <p>{t("roll-child")}</p>
                <Field label=t("roll-guardian") value=agreement.guardian />
                <label class="field">
                    <span class="label">{t("roll-relation")}</span>
                    <select on:change=chosen>{Relation::ALL.map(relation).collect_view()}</select>
                </label>
            }
        })
    };
    view! {
        <fieldset class="choices">
            <legend class="label">{t("roll-consent")}</legend>
            <blockquote class="plain-note">{t("roll-consent-text")}</blockquote>
            {guardian}
            {tick(ConsentPurpose::LearningRecord, t("roll-consent-record"))}
            {tick(ConsentPurpose::Recognition, t("roll-consent-recognition"))}
            {tick(ConsentPurpose::Research, t("roll-consent-research"))}
        </fieldset>
    }
}

/// A form to write down what somebody agrees to at one's side: the text is read aloud, whoever is signed in is the witness.
#[component]
pub(super) fn RecordAgreement<F>(
    /// Whether she may be under 16.
    is_child: Memo<bool>,
    /// Writes it down.
    record: impl Fn(Vec<ConsentPurpose>, Option<Guardian>) -> F + 'static,
    /// Told when it is written down.
    #[prop(into, optional)]
    done: Option<Callback<()>>,
) -> impl IntoView
where
    F: Future<Output = Asked<()>> + 'static,
{
    let (agreement, doing) = (Agreement::empty(), Doing::new());
    let whole = NodeRef::<leptos::html::Details>::new();
    let noted = move |()| {
        agreement.clear();
        if let Some(whole) = whole.get_untracked() {
            whole.set_open(false);
        }
        if let Some(done) = done {
            done.run(());
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match agreement.get(is_child.get_untracked()) {
            Ok((purposes, guardian)) => doing.ask(record(purposes, guardian), noted),
            Err(code) => doing.refuse(code),
        }
    };
    view! {
        <details class="card narrow" node_ref=whole>
            <summary>
                <h3>{t("consents-record")}</h3>
            </summary>
            // What is missing is said in our words, not in the browser's language.
            <form novalidate on:submit=submit>
                <Agree agreement=agreement is_child=is_child />
                {doing.said()}
                <button class="button main" disabled=move || doing.is_busy()>
                    {t("consents-record-button")}
                </button>
            </form>
        </details>
    }
}

/// Returns a relation's name in the form and in words.
fn word_of(relation: Relation) -> (&'static str, String) {
    match relation {
        Relation::Parent => ("parent", t("roll-relation-parent")),
        Relation::Grandparent => ("grandparent", t("roll-relation-grandparent")),
        Relation::Representative => ("representative", t("roll-relation-representative")),
    }
}
