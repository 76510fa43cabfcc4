//! The page in a real browser, where there is one.
use std::{
    io::Read as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command::{audit, file, json};

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The page after its scripts have run, and what they complained of; `None`, and a word about it, without a browser.
pub(crate) fn opened(page: &Path) -> Option<(String, String)> {
    opened_at(page, "")
}

/// The same, with something after the address; whatever the page asks of a network comes to a listener, and is an error.
pub(crate) fn opened_at(page: &Path, after: &str) -> Option<(String, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let proxy = format!("--proxy-server=http://{}", listener.local_addr().unwrap());
    let found = dumped(page, after, &[&proxy, "--proxy-bypass-list=<-loopback>", "--window-size=1280,900"]);
    if found.is_some() {
        assert_eq!(asked(&listener), Vec::<String>::new(), "the page asked for something");
    }
    found
}

/// What was asked of a listener, but for what the browser wants for itself.
fn asked(listener: &TcpListener) -> Vec<String> {
    let mut all = Vec::new();
    while let Ok((mut stream, _)) = listener.accept() {
        let mut request = [0; 300];
        let _ = stream.set_read_timeout(Some(std::time::Duration::from_millis(200)));
        let length = stream.read(&mut request).unwrap_or(0);
        let line = String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or_default().to_owned();
        let of_browser = ["google", "gstatic", "gvt1"].iter().any(|name| line.contains(name));
        all.extend((!of_browser).then_some(line));
    }
    all
}

/// What the browser shows of a page, and what it complains of.
pub(crate) fn dumped(page: &Path, after: &str, options: &[&str]) -> Option<(String, String)> {
    let found = BROWSERS.iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = found else {
        crate::command::say!("skipped: no chromium on this machine");
        return None;
    };
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000", "--dump-dom"])
        .args(options)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}{after}", page.display()))
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect::<Vec<_>>()
        .join("\n");
    Some((String::from_utf8(output.stdout).unwrap(), complaints))
}

fn report_of(path: &Path) -> (tempfile::TempDir, PathBuf) {
    let (dir, report, ran) = audit(&[path], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (dir, report.join("report.html"))
}

#[test]
fn the_page_of_the_samples_opens_without_complaints() {
    let (_dir, page) = report_of(Path::new("sample-data"));
    let Some((dom, complaints)) = opened(&page) else { return };
    assert_eq!(complaints, "");
    assert!(dom.contains("theo.lindqvist@example.com") && dom.matches("<svg").count() >= 7);
    assert!(dom.contains("<button type=\"button\""), "the script that sorts tables did not run");
}

#[test]
fn names_from_the_data_are_text_and_no_markup() {
    let hostile = "<img src=x onerror=console.error('ran')>";
    let rows = format!(
        "timestamp,credits,user,app,feature,session\n2026-10-01T08:00:00Z,1,\"{hostile}\",\"{hostile}\",\"{hostile}\",\"{hostile}\"\n"
    );
    let (_input, path) = file("hostile.csv", rows);
    let (_dir, page) = report_of(&path);
    assert!(!std::fs::read_to_string(&page).unwrap().contains("<img"));
    let Some((dom, complaints)) = opened(&page) else { return };
    assert_eq!(complaints, "");
    assert!(dom.contains("&lt;img"));
}

/// What an attribute of an element says.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(&format!("{name}=\"")).nth(1)?.split('"').next()
}

/// The exact total of each account that the filtered page shows: amount, events, rework.
fn totals_of_page(dom: &str) -> Vec<[String; 3]> {
    let lines = dom.split("<p ").filter(|element| element.contains("data-account="));
    let told = |element: &str| {
        ["data-amount", "data-events", "data-rework"].map(|name| attribute(element, name).unwrap().to_owned())
    };
    let mut totals: Vec<_> = lines.map(told).filter(|told| told[1] != "0").collect();
    totals.sort();
    totals
}

/// The sums of every row of every filtered table but the foot, exact.
fn sums_of_tables(dom: &str) -> Vec<i128> {
    let live = dom.split("of the selection</caption>").skip(1);
    let sum = |table: &str| {
        let body = table.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
        let rows = body.split("<tr").skip(1);
        rows.map(|row| nanos(attribute(row, "data-v").unwrap())).sum()
    };
    live.map(sum).collect()
}

#[test]
fn filters_of_the_page_equal_the_selections_of_the_program() {
    let samples = Path::new("sample-data");
    let (_dir, page) = report_of(samples);
    let text = std::fs::read_to_string(&page).unwrap();
    let feature = json(&page.with_file_name("report.json"))["by_feature"][0]["feature"].as_str().unwrap().to_owned();
    let app = json(&page.with_file_name("report.json"))["by_app"][0]["app"].as_str().unwrap().to_owned();
    let cases: [&[(&str, &str)]; 8] = [
        &[("from", "2026-10-01"), ("to", "2026-10-31")],
        &[("user", "Theo.Lindqvist@example.com")],
        &[("app", &app)],
        &[("feature", &feature)],
        &[("action", "fix")],
        &[("meter", "integration")],
        &[("to", "2026-10-10"), ("app", &app), ("action", "revision")],
        &[("from", "2026-09-01"), ("user", "theo.lindqvist@example.com"), ("meter", "message")],
    ];
    for case in cases {
        let query: Vec<String> = case.iter().map(|(key, value)| format!("{key}={}", value.replace(' ', "+"))).collect();
        let Some((dom, complaints)) = opened_at(&page, &format!("#filter?{}", query.join("&"))) else { return };
        assert_eq!(complaints, "", "{case:?}");
        let options: Vec<String> = case.iter().map(|(key, value)| format!("--{key}={value}")).collect();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let (_dir, report, ran) = audit(&[samples], &options);
        assert_eq!(ran.code, 0, "{case:?}: {}", ran.stderr);
        let report = json(&report.join("report.json"));
        let told = |total: &serde_json::Value| {
            [&total["amount"], &total["events"], &total["rework"]].map(|value| value.to_string().replace('"', ""))
        };
        let mut expected: Vec<_> = report["totals"].as_array().unwrap().iter().map(told).collect();
        expected.sort();
        assert_eq!(totals_of_page(&dom), expected, "{case:?}");
        let sums = sums_of_tables(&dom);
        assert!(sums.len() >= expected.len() * 3, "{case:?}: {} tables", sums.len());
        let totals: Vec<i128> = expected.iter().map(|told| nanos(&told[0])).collect();
        assert!(sums.iter().all(|sum| totals.contains(sum)), "{case:?}: {sums:?} of {totals:?}");
    }
    assert!(text.len() < 2_000_000);
}

fn nanos(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<9}").parse::<i128>().unwrap()
}

/// The narrowest window that the browser opens; narrower pages stand in a frame.
const NARROWEST: u32 = 500;

/// What a script finds in the page that the browser shows at a width.
fn found(page: &Path, width: u32, script: &str) -> Option<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let (before, policy) = text.split_once("<meta http-equiv=Content-Security-Policy").unwrap();
    let after = policy.split_once('>').unwrap().1;
    let told = "const told = document.createElement('pre'); told.id = 'told'; told.textContent = said; document.body.append(told);";
    let is_framed = width < NARROWEST;
    let tell = if is_framed { "parent.postMessage(said, '*')" } else { told };
    let script = format!(
        "<script>addEventListener('load', () => setTimeout(async () => {{ {script}; {tell} }}, 500));</script>"
    );
    let copy = page.with_file_name(format!("seen-at-{width}.html"));
    std::fs::write(&copy, format!("{before}{}", after.replace("</body>", &(script + "</body>")))).unwrap();
    let frame = page.with_file_name(format!("frame-of-{width}.html"));
    let source = format!(
        "<!doctype html><body><script>addEventListener('message', ({{ data: said }}) => {{ {told} }});</script>\
         <iframe src=seen-at-{width}.html style='width: {width}px; height: 1200px; border: 0'></iframe></body>"
    );
    std::fs::write(&frame, source).unwrap();
    let opened = if is_framed { &frame } else { &copy };
    let (dom, _) = dumped(opened, "", &[&format!("--window-size={width},1200"), "--virtual-time-budget=60000"])?;
    let told = dom.split("<pre id=\"told\">").nth(1).expect("the script ran").split("</pre>").next().unwrap();
    Some(told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[test]
fn no_width_of_a_window_cuts_the_page_off() {
    let (_dir, page) = report_of(Path::new("sample-data"));
    let script = "const root = document.scrollingElement; \
                  const cut = [...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().right > innerWidth + 1); \
                  const slim = [...document.querySelectorAll('.slim')].filter(box => box.offsetParent); \
                  const said = [innerWidth, root.scrollWidth > innerWidth, cut.length, slim.length > 0].join(' ')";
    for (width, expected) in
        [(390, "390 false 0 true"), (500, "500 false 0 true"), (960, "960 false 0 false"), (1440, "1440 false 0 false")]
    {
        let Some(told) = found(&page, width, script) else { return };
        assert_eq!(told, expected, "at {width} pixels: width, scrolls sideways, charts cut off, charts for phones");
    }
}

/// Where CI puts axe-core.
const AXE: &str = "target/axe/node_modules/axe-core/axe.min.js";

#[test]
fn axe_finds_nothing_serious() {
    let Ok(axe) = std::fs::read_to_string(AXE) else {
        crate::command::say!("skipped: no {AXE}; `npm install --prefix target/axe axe-core@4.11` puts it there");
        return;
    };
    let axe = axe.replace("</script", "<\\/script");
    let script = format!(
        "{axe}; const ran = await axe.run(document, {{ resultTypes: ['violations'] }}); \
         const said = ran.violations.map(one => `${{one.impact}} ${{one.id}} ${{one.nodes[0].html}}`).join('\\n')"
    );
    let (folder, page) = report_of(Path::new("sample-data"));
    let bad = folder.path().join("bad.html");
    std::fs::write(
        &bad,
        "<!doctype html><meta http-equiv=Content-Security-Policy content=x><img src=data:,><p>x</p></body>",
    )
    .unwrap();
    let Some(told) = found(&bad, 960, &script) else { return };
    assert!(told.contains("image-alt"), "axe finds what is wrong: {told}");
    let told = found(&page, 1440, &script).unwrap();
    let grave = |line: &&str| line.starts_with("serious") || line.starts_with("critical");
    assert_eq!(told.lines().filter(grave).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_session_that_is_unfolded_stays_with_its_row_and_takes_none_along() {
    let (_dir, page) = report_of(Path::new("sample-data"));
    let script = "const form = document.getElementById('filter'); form.elements.app.value = 'petalpost'; \
                  form.elements.app.dispatchEvent(new Event('change', { bubbles: true })); \
                  const table = [...document.querySelectorAll('.live table')].find(table => table.caption.textContent.startsWith('Sessions')); \
                  const rows = () => [...table.tBodies[0].rows].filter(row => !row.classList.contains('detail')).length; \
                  const before = rows(); const button = table.querySelector('.drill'); button.click(); \
                  const head = [...table.tHead.rows[0].cells].find(cell => cell.textContent === 'Events'); \
                  head.firstChild.click(); const below = button.closest('tr').nextSibling.className; button.click(); \
                  const said = [before > 5, rows() === before, below, table.querySelectorAll('.detail').length].join(' ')";
    let Some(told) = found(&page, 1440, script) else { return };
    assert_eq!(told, "true true detail others 0");
}

#[test]
fn a_feature_whose_name_is_marked_leads_to_its_own_sessions() {
    let (_dir, page) = report_of(Path::new("sample-data"));
    let script = "const box = document.getElementById('base44-message-credits-feature'); const first = box.querySelector('tbody th .drill'); \
                  const amount = first.closest('tr').cells[2].textContent; first.click(); \
                  const said = [first.textContent, amount === document.querySelector('#filtered p').dataset.amount, \
                  document.getElementById('filter').elements.app.value !== ''].join(' ')";
    let Some(told) = found(&page, 1440, script) else { return };
    assert_eq!(told, "shop (partly inferred) true true");
}

#[test]
fn prompts_stand_below_their_session_where_they_are_kept_and_nowhere_else() {
    let input = "timestamp,credits,user,app,session,prompt\n2026-10-01T08:00:00Z,1,ann,shop,s-1,Build a <b>cart</b> page\n\
                 2026-10-01T08:05:00Z,2,ben,shop,s-1,the cart is broken\n";
    let (_input, path) = file("ledger.csv", input);
    let script = "const form = document.getElementById('filter'); form.elements.user.value = 'ben'; \
                  form.elements.user.dispatchEvent(new Event('change', { bubbles: true })); \
                  [...document.querySelectorAll('.live .drill')].find(button => button.textContent === 's-1').click(); \
                  const said = [...document.querySelectorAll('.detail li')].map(item => item.textContent).join('|')";
    for (option, expected) in
        [(&["--keep-prompts"][..], "2026-10-01 08:05:00 · fix · 2 · the cart is broken"), (&[], "")]
    {
        let (_dir, report, ran) = audit(&[&path], option);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let Some(told) = found(&report.join("report.html"), 1440, script) else { return };
        assert_eq!(told, expected);
    }
}

#[test]
fn names_that_cannot_be_shown_as_they_are_are_filtered_all_the_same() {
    let input = "timestamp,credits,user,app\n2026-10-01T08:00:00Z,1.5,علی\u{200c}رضا,shop\n2026-10-01T08:05:00Z,2,Bo  Li,shop\n\
                 2026-10-01T08:05:00Z,4,Bo Li,shop\n2026-10-01T08:06:00Z,8,\u{2060}eve,shop\n";
    let (_input, path) = file("ledger.csv", input);
    let (_dir, page) = report_of(&path);
    for (name, amount) in
        [("علی\u{200c}رضا", "1.5"), ("Bo  Li", "2"), ("Bo Li", "4"), ("\u{2060}eve", "8"), ("\u{fffd}eve", "8")]
    {
        let encoded = name.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
        let Some((dom, complaints)) = opened_at(&page, &format!("#filter?user={encoded}")) else { return };
        assert_eq!((complaints.as_str(), totals_of_page(&dom)[0][0].as_str()), ("", amount), "{name:?}");
    }
}
