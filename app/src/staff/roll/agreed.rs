//! What one person of the list agrees to, and asking her.

use domain::consent::{ConsentPurpose, may_be_child};
use domain::ids::LearnerId;
use leptos::prelude::*;

use super::desk::Desk;
use crate::i18n::t;
use crate::staff::agreement::RecordAgreement;
use crate::staff::words;

/// What she agrees to, and the form for what she has not been asked yet, somebody whom a list brought in for example. The
/// form is not drawn anew when a newer list comes: what is half filled in stays.
#[component]
pub(super) fn Agreed(
    /// The list.
    desk: Desk,
    /// Whom.
    id: LearnerId,
) -> impl IntoView {
    let listed = Memo::new(move |_| {
        desk.roll.with(|roll| {
            let hers = roll.iter().flat_map(|roll| &roll.learners).find(|learner| learner.id == id)?;
            Some((hers.agreed.clone(), hers.details.birth_year))
        })
    });
    let is_listed = Memo::new(move |_| listed.with(Option::is_some));
    let is_child = Memo::new(move |_| {
        let year = listed.with(|listed| listed.as_ref().and_then(|(_, year)| *year));
        year.is_some_and(|year| may_be_child(year, Desk::this_year()))
    });
    let line = move |purpose: ConsentPurpose| {
        let holds =
            listed.with(|listed| listed.as_ref().is_some_and(|(agreed, _)| agreed.contains(&purpose)));
        let is_here = desk.agreed.with(|agreed| agreed.get(&id).is_some_and(|here| here.contains(&purpose)));
        let mark = match (is_here, holds) {
            (true, _) => t("roll-agreed-waiting"),
            (false, true) => t("consents-holds"),
            (false, false) => return None,
        };
        Some(view! { <li>{words::purpose(purpose)} " " <span class="mark">{mark}</span></li> })
    };
    let lines = move || {
        let lines: Vec<_> = ConsentPurpose::ALL.into_iter().filter_map(line).collect();
        if lines.is_empty() {
            return view! { <p>{t("consents-none")}</p> }.into_any();
        }
        view! { <ul class="lines">{lines}</ul> }.into_any()
    };
    let record = move |purposes, guardian| desk.agree(id, purposes, guardian);
    view! {
        <Show when=move || is_listed.get()>
            <section class="part no-print">
                <h3>{t("consents")}</h3>
                {lines}
                <RecordAgreement is_child=is_child record=record />
            </section>
        </Show>
    }
}
