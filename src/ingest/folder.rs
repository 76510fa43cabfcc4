//! What the path of a working folder tells: the app and the person.

/// The last part of a folder's path: the app.
pub(super) fn app(folder: &str) -> &str {
    folder.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or("")
}

/// The person whose home folder a path lies in.
pub(super) fn person(folder: &str) -> Option<&str> {
    let mut parts = folder.split(['/', '\\']).filter(|part| !part.is_empty());
    let homes = ["Users", "home"];
    parts.find(|part| homes.contains(part))?;
    parts.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_name_the_app_and_the_person() {
        assert_eq!(app("/Users/ada/code/shop/"), "shop");
        assert_eq!(app(r"C:\Users\ada\shop"), "shop");
        assert_eq!(person("/home/ada/shop"), Some("ada"));
        assert_eq!(person("/srv/shop"), None);
    }
}
