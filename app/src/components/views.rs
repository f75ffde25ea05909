//! The same small parts for pages, which are written with `view!`.

use domain::item::Picture;
use leptos::prelude::*;

use super::icon::Icon;

/// Draws an icon; the word beside it says what it means.
#[component]
pub fn IconMark(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
}

/// Shows a checked drawing inline, so that it takes the page's colours in light and dark.
#[component]
pub fn PictureView(
    /// The drawing; its SVG was checked when the lesson was read.
    picture: Picture,
) -> impl IntoView {
    view! { <div class="picture" role="img" aria-label=picture.alt inner_html=picture.svg></div> }
}
