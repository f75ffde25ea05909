use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use domain::dated_fact::Day;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::*;

fn router() -> Router {
    let (site, today) = crate::pages::site_for_tests();
    let pages = Pages::new(site, {
        let today: Arc<Day> = Arc::new(today);
        move || (*today).clone()
    });
    super::router(pages.clone()).merge(pages.router())
}

async fn get(router: &Router, path: &str) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let request = Request::builder().uri(path).header("accept-encoding", "br").body(Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn a_pack_lists_every_page_of_a_course_as_it_is_served() {
    let router = router();
    for language in ["vi", "en"] {
        let (status, headers, body) = get(&router, &format!("/goi/{language}/chong-lua-dao.json")).await;
        assert_eq!((status, headers["x-snapshot"].to_str().unwrap()), (StatusCode::OK, SNAPSHOT));
        let list: Value = serde_json::from_slice(&body).unwrap();
        let files = list["files"].as_array().unwrap();
        let pages = files.iter().filter(|file| file["version"] != "");
        let mut lessons = 0;
        for file in pages {
            let url = file["url"].as_str().unwrap();
            let (status, headers, body) = get(&router, url).await;
            assert_eq!(status, StatusCode::OK, "{url}");
            assert_eq!(headers[header::ETAG].to_str().unwrap(), file["version"], "{url}");
            assert_eq!(Value::from(body.len()), file["bytes"], "{url}");
            lessons += usize::from(url.contains("/chong-lua-dao/"));
        }
        assert_eq!(lessons, 7);
    }
}

#[tokio::test]
async fn the_check_page_is_a_pack_of_its_own() {
    let (status, _, body) = get(&router(), "/goi/vi/kiem-tra.json").await;
    assert_eq!(status, StatusCode::OK);
    let list: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(list["files"][0]["url"], "/kiem-tra");
}

#[tokio::test]
async fn an_unknown_pack_is_not_found() {
    let router = router();
    for path in
        ["/goi/vi/khong-co.json", "/goi/fr/chong-lua-dao.json", "/goi/vi/chong-lua-dao", "/goi/vi/%20.json"]
    {
        assert_eq!(get(&router, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
