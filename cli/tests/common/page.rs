//! The server's pages, as a browser uses them: a form is filled in and sent with its cookie.

use super::server::agent;

/// Opens the page and presses the button of this value; what comes then.
pub fn press(url: &str, button: &str) -> ureq::http::Response<ureq::Body> {
    let mut answer = agent().get(url).call().unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let page = answer.body_mut().read_to_string().unwrap();
    let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
    agent()
        .post(format!("{origin}{}", attribute(&page, "<form", "action")))
        .header("Cookie", cookie.split(';').next().unwrap())
        .header("Origin", &origin)
        .content_type("application/x-www-form-urlencoded")
        .send(fields(&page, button))
        .unwrap()
}

/// The form's hidden fields and the button that is pressed, as a form's body.
fn fields(page: &str, button: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for field in page.split("<input").skip(1) {
        let field = format!("<input{}", field.split('>').next().unwrap());
        form.append_pair(
            &attribute(&field, "<input", "name"),
            &attribute(&field, "<input", "value"),
        );
    }
    let pressed =
        page.split("<button").find(|b| b.contains(&format!("value=\"{button}\""))).unwrap();
    form.append_pair(&attribute(pressed, "", "name"), button);
    form.finish()
}

fn attribute(page: &str, tag: &str, name: &str) -> String {
    let tag = &page[page.find(tag).unwrap()..];
    let value = tag.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap();
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
