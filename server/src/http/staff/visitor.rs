//! Where a request comes from, and from what kind of browser: for counting tries and for the list of one's sessions. Kept
//! nowhere else.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Visitor {
    /// The network: an address without its last part.
    pub(super) network: String,
    /// What kind of browser it is, such as `Chrome, Android`.
    pub(super) device: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
        Ok(Self { network: network(address(peer, &parts.headers)), device: device(agent) })
    }
}

/// Returns the address a request comes from. A proxy on the same machine or in the same private network names it last in
/// `X-Forwarded-For`; anybody else could write there what she likes.
fn address(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_near = match peer {
        IpAddr::V4(four) => four.is_loopback() || four.is_private(),
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local(),
    };
    let named = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = named.and_then(|value| value.rsplit(',').next()).and_then(|one| one.trim().parse().ok());
    last.filter(|_| is_near).unwrap_or(peer)
}

/// Returns the network of an address: what one line or one mobile cell shares.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            let [a, b, c, _] = four.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(six) => {
            let [a, b, c, ..] = six.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

/// Returns what a person recognises her browser by, no more.
fn device(agent: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
    };
    // The order matters: Edge and Coc Coc call themselves Chrome too, and Chrome calls itself Safari.
    let browser = first(&[
        ("coc_coc", "Cốc Cốc"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "10.9.9.9, 203.0.113.7".parse().unwrap());
        let near: IpAddr = "127.0.0.1".parse().unwrap();
        let far: IpAddr = "198.51.100.4".parse().unwrap();
        assert_eq!(network(address(near, &headers)), "203.0.113.0/24");
        assert_eq!(network(address(far, &headers)), "198.51.100.0/24");
        assert_eq!(network(address(near, &HeaderMap::new())), "127.0.0.0/24");
        assert_eq!(network("2001:db8:1:2::3".parse().unwrap()), "2001:db8:1::/48");
        assert_eq!(network("::ffff:203.0.113.7".parse().unwrap()), "203.0.113.0/24");
    }

    #[test]
    fn a_browser_is_named_as_people_know_it() {
        let android = "Mozilla/5.0 (Linux; Android 8.1.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Mobile Safari/537.36";
        assert_eq!(device(android), "Chrome, Android");
        assert_eq!(device(""), "?");
    }
}
