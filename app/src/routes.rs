//! The addresses of all pages. Links and the server's router both come from here.

use domain::course::{Course, Lesson};
use domain::ids::{LessonId, Slug};

use crate::i18n::Locale;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// All courses, and where to go on.
    Home,
    /// One course: its lane of lamps.
    Course(Slug),
    /// One lesson of a course.
    Lesson(Slug, Slug),
    /// What I have learned; my name, code and papers.
    MyLearning,
    /// A certificate of mine, to show and print.
    Certificate,
    /// Check anyone's certificate.
    Check,
    /// What this is, and what it keeps about people.
    About,
    /// What is on this phone; also what a phone without network shows for a page it has not.
    OnPhone,
    /// How to get from an application's own window to the real browser.
    OpenBrowser,
    /// A page for staff. Learners' phones know none.
    #[cfg(any(feature = "ssr", feature = "staff"))]
    Staff(StaffPage),
}

/// A page for staff: the same for everybody, what belongs to a person is drawn in the browser.
#[cfg(any(feature = "ssr", feature = "staff"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaffPage {
    /// What may I do.
    Home,
    /// Name and password.
    SignIn,
    /// The code of the second factor.
    SecondFactor,
    /// A password of one's own after a given one.
    NewPassword,
    /// Where the button to sign out leads.
    SignOut,
    /// My password, second factor and sessions.
    Account,
    /// People whom one looks after; one of them behind `#`.
    People,
    /// Classes; one of them behind `#`.
    Classes,
    /// Lists of people, in and out.
    Lists,
    /// Records that look like one person's.
    LookAlikes,
    /// The tree of places; one of them behind `#`.
    Places,
    /// Colleagues and their roles.
    Colleagues,
    /// Who saw or changed whom.
    Audit,
    /// Facts that were set aside.
    Reconcile,
    /// An ambassador's list on her phone, with or without a network.
    Roll,
    /// What people ask about their own data.
    Requests,
    /// Incidents with personal data.
    Incidents,
}

#[cfg(any(feature = "ssr", feature = "staff"))]
impl StaffPage {
    /// Every page for staff.
    pub const ALL: [Self; 17] = [
        Self::Home,
        Self::SignIn,
        Self::SecondFactor,
        Self::NewPassword,
        Self::SignOut,
        Self::Account,
        Self::People,
        Self::Classes,
        Self::Lists,
        Self::LookAlikes,
        Self::Places,
        Self::Colleagues,
        Self::Audit,
        Self::Reconcile,
        Self::Roll,
        Self::Requests,
        Self::Incidents,
    ];

    /// Returns the last part of the page's address; empty for the home page.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::SignIn => "dang-nhap",
            Self::SecondFactor => "ma-xac-thuc",
            Self::NewPassword => "mat-khau-moi",
            Self::SignOut => "dang-xuat",
            Self::Account => "tai-khoan",
            Self::People => "nguoi-hoc",
            Self::Classes => "lop-hoc",
            Self::Lists => "nhap-danh-sach",
            Self::LookAlikes => "trung-lap",
            Self::Places => "dia-ban",
            Self::Colleagues => "nhan-su",
            Self::Audit => "nhat-ky",
            Self::Reconcile => "doi-soat",
            Self::Roll => "dai-su",
            Self::Requests => "yeu-cau",
            Self::Incidents => "su-co",
        }
    }

    /// Returns whether the page is drawn in the browser from what server functions answer; the others are plain forms.
    pub fn needs_script(self) -> bool {
        matches!(
            self,
            Self::Home
                | Self::Account
                | Self::People
                | Self::Classes
                | Self::Lists
                | Self::LookAlikes
                | Self::Places
                | Self::Reconcile
                | Self::Requests
                | Self::Incidents
                | Self::Colleagues
                | Self::Audit
                | Self::Roll
        )
    }
}

impl Page {
    /// Returns the page of a course.
    pub fn course(course: &Course) -> Self {
        Self::Course(course.slug.clone())
    }

    /// Returns the page of a lesson.
    pub fn lesson(course: &Course, lesson: &Lesson) -> Self {
        Self::Lesson(course.slug.clone(), lesson.slug.clone())
    }

    /// Returns the address of the page in a language, without the host.
    pub fn path(&self, locale: Locale) -> String {
        let prefix = locale.prefix();
        match self {
            Self::Home if prefix.is_empty() => "/".to_owned(),
            Self::Home => prefix.to_owned(),
            Self::Course(course) => format!("{prefix}/khoa-hoc/{course}"),
            Self::Lesson(course, lesson) => format!("{prefix}/khoa-hoc/{course}/{lesson}"),
            Self::MyLearning => format!("{prefix}/cua-toi"),
            Self::Certificate => format!("{prefix}/chung-nhan"),
            Self::Check => format!("{prefix}/kiem-tra"),
            Self::About => format!("{prefix}/gioi-thieu"),
            Self::OnPhone => format!("{prefix}/tren-may"),
            Self::OpenBrowser => format!("{prefix}/mo-trinh-duyet"),
            #[cfg(any(feature = "ssr", feature = "staff"))]
            Self::Staff(StaffPage::Home) => format!("{prefix}/quan-ly"),
            #[cfg(any(feature = "ssr", feature = "staff"))]
            Self::Staff(page) => format!("{prefix}/quan-ly/{}", page.slug()),
        }
    }

    /// Returns the page and language that an address means; nothing for an address that is no page's.
    pub fn parse(path: &str) -> Option<(Locale, Self)> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').filter(|part| !part.is_empty()).collect();
        let (locale, parts) = match parts.split_first() {
            Some((&"en", rest)) => (Locale::En, rest),
            _ => (Locale::Vi, parts.as_slice()),
        };
        let page = match *parts {
            [] => Self::Home,
            ["khoa-hoc", course] => Self::Course(course.parse().ok()?),
            ["khoa-hoc", course, lesson] => Self::Lesson(course.parse().ok()?, lesson.parse().ok()?),
            ["cua-toi"] => Self::MyLearning,
            ["chung-nhan"] => Self::Certificate,
            ["kiem-tra"] => Self::Check,
            ["gioi-thieu"] => Self::About,
            ["tren-may"] => Self::OnPhone,
            ["mo-trinh-duyet"] => Self::OpenBrowser,
            #[cfg(any(feature = "ssr", feature = "staff"))]
            ["quan-ly"] => Self::Staff(StaffPage::Home),
            #[cfg(any(feature = "ssr", feature = "staff"))]
            ["quan-ly", slug] => {
                Self::Staff(StaffPage::ALL.into_iter().skip(1).find(|page| page.slug() == slug)?)
            }
            _ => return None,
        };
        Some((locale, page))
    }

    /// Returns every page there is for these courses.
    pub fn all(courses: &[Course]) -> Vec<Self> {
        let mut pages = vec![
            Self::Home,
            Self::MyLearning,
            Self::Certificate,
            Self::Check,
            Self::About,
            Self::OnPhone,
            Self::OpenBrowser,
        ];
        #[cfg(any(feature = "ssr", feature = "staff"))]
        pages.extend(StaffPage::ALL.map(Self::Staff));
        for course in courses {
            pages.push(Self::course(course));
            pages.extend(course.lessons.iter().map(|lesson| Self::lesson(course, lesson)));
        }
        pages
    }
}

/// Returns a lesson's number within its course, counted from 1.
pub fn lesson_number(course: &Course, lesson: &LessonId) -> usize {
    course.lessons.iter().position(|other| other.id == *lesson).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_are_written() {
        let slug = |text: &str| text.parse().unwrap();
        let pages = [
            Page::Home,
            Page::Course(slug("chong-lua-dao")),
            Page::Lesson(slug("chong-lua-dao"), slug("mat-khau")),
            Page::MyLearning,
            Page::Certificate,
            Page::Check,
            Page::About,
            Page::OnPhone,
            Page::OpenBrowser,
        ];
        #[cfg(any(feature = "ssr", feature = "staff"))]
        let pages = pages.into_iter().chain(StaffPage::ALL.map(Page::Staff));
        for page in pages {
            for locale in Locale::ALL {
                assert_eq!(Page::parse(&page.path(locale)), Some((locale, page.clone())));
            }
        }
        for unknown in [
            "/x",
            "/khoa-hoc",
            "/khoa-hoc/A",
            "/khoa-hoc/a/b/c",
            "/en/x",
            "/quan-ly/x",
            "/quan-ly/tai-khoan/x",
        ] {
            assert_eq!(Page::parse(unknown), None, "{unknown}");
        }
    }
}
