//! Icons: one manner (24 px grid, round 2 px strokes), always with a word beside them.

/// The icons there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Back to the list.
    Back,
    /// On to the next.
    Next,
    /// Read aloud.
    Speaker,
    /// Done, right.
    Check,
    /// A hint.
    Bulb,
    /// Take care.
    Warning,
    /// Try again.
    Again,
    /// Paper, certificate.
    Paper,
    /// Somebody.
    Person,
    /// The menu.
    Menu,
    /// Letter size.
    Letters,
    /// Print.
    Printer,
    /// Save on the phone.
    Save,
    /// A lock.
    Lock,
}

/// Nine pictures to choose a secret from: things that everybody knows and nobody mixes up.
pub const PICTURES: [&str; 9] = [
    // House, fish, tree.
    "M3 11l9-7 9 7M5.500 9.500V20h13V9.500M10 20v-6h4v6",
    "M3 12c3-5 10-6 14 0-4 6-11 5-14 0zM17 12l4-4v8zM7.500 11v.1",
    "M12 21v-7M12 14c-6 0-7-5-4-7 0-5 8-5 8 0 3 2 2 7-4 7z",
    // Boat, sun, moon.
    "M3 15h18l-3 5H6zM12 15V3l6 9h-6",
    "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600L19 19M5 19l1.400-1.400M17.600 6.400L19 5",
    "M20 14.500A8.500 8.500 0 019.500 4a8.500 8.500 0 1010.500 10.500z",
    // Star, hat, heart.
    "M12 3l2.700 5.800 6.300.7-4.700 4.300 1.300 6.200-5.600-3.200L6.400 20l1.300-6.200L3 9.500l6.300-.7z",
    "M2 17L12 6l10 11c-6 3-14 3-20 0zM7 15.500c0 4 2 5.500 5 5.500s5-1.500 5-5.500",
    "M12 20C5 15 3 12 3 9a4.500 4.500 0 019-1 4.500 4.500 0 019 1c0 3-2 6-9 11z",
];

impl Icon {
    /// Returns its strokes.
    pub fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Next => "M9 5l7 7-7 7",
            Self::Speaker => "M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 010 7M19 6a8.5 8.5 0 010 12",
            Self::Check => "M4 12.5l5.5 5.5L20 6.5",
            Self::Bulb => {
                "M9 18h6M10 21h4M8 14.5a6 6 0 118 0c-.7.6-1 1.2-1 2v1.5H9V16.500c0-.8-.3-1.400-1-2z"
            }
            Self::Warning => "M12 4L2.500 20h19zM12 10v4.500M12 17.200v.1",
            Self::Again => "M20 12a8 8 0 11-2.500-5.800M20 3.500V8h-4.500",
            Self::Paper => "M6 3h9l4 4v14H6zM14.500 3v4.500H19M9 12h7M9 16h7",
            Self::Person => "M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c.6-4.500 4-6.500 8-6.500s7.400 2 8 6.500",
            Self::Menu => "M4 6.500h16M4 12h16M4 17.500h16",
            Self::Letters => "M3 19L8 6l5 13M4.800 15h6.400M15.500 19l3-8 3 8M16.600 16.500h3.800",
            Self::Save => "M12 4v11M7 10.500l5 5 5-5M5 20h14",
            Self::Lock => "M6 11h12v9H6zM8.500 11V7.500a3.500 3.500 0 017 0V11M12 15v2",
            Self::Printer => "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
        }
    }
}
