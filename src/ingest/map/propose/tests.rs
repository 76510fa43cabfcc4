//! Proposals, as they are written.
use super::*;
use crate::ingest::map::Map;

#[track_caller]
fn check(table: &str, expected: &[&str], lacks: usize) {
    let proposal = propose(table.as_bytes(), "in/Bank.csv", &crate::ingest::tests::settings()).unwrap();
    for part in expected {
        assert!(proposal.text.contains(part), "{part} is not in\n{}", proposal.text);
    }
    assert_eq!(proposal.lacks.len(), lacks, "{:?}\n{}", proposal.lacks, proposal.text);
    assert_eq!(Map::parse(&proposal.text, "map").is_ok(), lacks == 0, "{}", proposal.text);
}

#[test]
fn each_guess_has_its_evidence() {
    check(
        "Day,Clock,Rep,Qty,Price\n13/10/2026,09:12,ada,1,$1.50\n03/10/2026,10:00,ben,2,Included\n",
        &[
            "timestamp = \"Day\"  # 2 of 2 cells are times",
            "time = \"Clock\"",
            "credits = \"Price\"  # 1 of 2 cells are amounts",
            "user = \"Rep\"  # 2 distinct values in 2 cells",
            "order = \"day\"  # 1 of 2 cells have a first part above 12",
            "unit = \"usd\"",
            "sign = \"positive\"  # 0 of 1 amounts are negative",
            "\"included\" = \"included\"",
            "provider = \"bank\"",
            "# not read: \"Qty\"",
        ],
        0,
    );
}

#[test]
fn a_row_of_totals_hides_no_column() {
    let totals = "Datum;Kunde;Betrag\n13.10.2026;ada;1,50\n14.10.2026;ben;2,25\nSumme;;3,75\n";
    check(totals, &["timestamp = \"Datum\"  # 2 of 2 cells are times", "credits = \"Betrag\"  # 2 of 2"], 0);
}

#[test]
fn what_cannot_be_told_is_left_to_the_user() {
    check("Day,Cost\n03/04/2026,1\n05/06/2026,2\n", &["order = \"\"  # fill this in"], 1);
    check("Day,Cost\n03/04/2026 10:00,1\n05/06/2026 11:00,2\n", &["order = \"\"  # fill this in"], 1);
    check("Who,Remark\nada,x\nben,y\n", &["timestamp = \"\"  # ", "credits = \"\"  # "], 2);
    check("Day,Cost\n2026-10-01,\"1,234\"\n2026-10-02,\"2,345\"\n", &["decimal = \"\"  # "], 1);
    check("Day,Left,Right\n2026-10-01,1,2\n2026-10-02,2,3\n", &[r#"name one of "Left", "Right""#], 1);
    check("Day,Input cost,Output cost\n2026-10-01,1.5,2.5\n", &[r#"name one of "Input cost", "Output cost""#], 1);
    check("Day,Input cost,Total cost\n2026-10-01,1.5,2.5\n", &["credits = \"Total cost\""], 0);
    assert!(propose(b"1,2\n3,4\n", "a", &crate::ingest::tests::settings()).is_err());
}

#[test]
fn the_sign_of_consumption_is_told_or_asked_for() {
    let with = |amounts: &[&str]| {
        let rows: Vec<String> = amounts.iter().zip(1..).map(|(cell, day)| format!("2026-10-{day:02},{cell}")).collect();
        format!("Datum,Betrag\n{}\n", rows.join("\n"))
    };
    check(&with(&["-1", "-2.5", "-3"]), &["sign = \"negative\"  # 3 of 3 amounts are negative"], 0);
    check(&with(&["1", "2.5", "3"]), &["sign = \"positive\""], 0);
    check(&with(&["-1", "-2"]), &["sign = \"\"  # fill this in: 2 of 2 amounts are negative"], 1);
    check(&with(&["-1", "-2", "3", "-4", "5"]), &["sign = \"\"  # fill this in: 3 of 5 amounts are negative"], 1);
    check(&with(&["-1", "-2", "-1", "-2", "-1", "-2", "-1", "-2", "-1", "9"]), &["sign = \"negative\""], 0);
    check(&with(&["1", "2", "1", "2", "1", "2", "1", "2", "1", "-9"]), &["sign = \"positive\""], 0);
}

#[test]
fn a_running_balance_tells_the_sign() {
    let negative = "Datum,Betrag,Guthaben\n2026-10-01,-1,99\n2026-10-02,-2,97\n2026-10-03,50,147\n2026-10-04,-7,140\n";
    check(negative, &["sign = \"negative\"", "balance_after = \"Guthaben\"", "follows them in 3 of 3 rows"], 0);
    let positive = "Fecha,Importe,Saldo\n2026-10-04,7,140\n2026-10-03,-50,147\n2026-10-02,2,97\n2026-10-01,1,99\n";
    check(positive, &["sign = \"positive\"", "balance_after = \"Saldo\""], 0);
}

#[test]
fn ids_that_are_none_and_columns_without_a_name_are_not_read() {
    check(
        ",id,date,cost,note,note\n0,7,2026-10-01,1,a,b\n1,7,2026-10-02,2,c,d\n",
        &["# not read: \"(column 1)\"", "# not read: \"id\"", "# not read: \"note\""],
        0,
    );
}

#[test]
fn taken_and_given_back_may_stand_in_two_columns() {
    check(
        "Buchungstag;Auftraggeber;Soll;Haben\n01.10.2026;Ada;1,50;\n02.10.2026;Ben;;2,25\n03.10.2026;Ada;3,10;\n",
        &["credits = \"Soll\"", "given_back = \"Haben\"", "user = \"Auftraggeber\"", "decimal = \"comma\""],
        0,
    );
}

#[test]
fn two_columns_are_sides_only_where_their_names_are_a_pair_and_their_rows_alternate() {
    let with = |names: &str, rows: [&str; 3]| {
        format!(
            "Date,Member,{names}\n2026-10-01,ada,{}\n2026-10-02,ben,{}\n2026-10-03,ada,{}\n",
            rows[0], rows[1], rows[2]
        )
    };
    let contested = ["credits = \"\"  # fill this in: several columns may be the amount that counts"];
    check(&with("Credits,Charged", ["5,0", "2,0", "0,1"]), &contested, 1);
    check(&with("Credits used,Debit", ["5,0", "2,0", "0,1"]), &contested, 1);
    check(&with("Tokens in,Tokens out", ["5,7", "2,9", "3,1"]), &contested, 1);
    check(&with("Debit,Credits", ["0,5", "0,2", "1,0"]), &contested, 1);
    check(&with("Debit,Credit", ["5,50", "2,20", "0,10"]), &contested, 1);
    check(&with("Amount,Refunded", ["5,0", "2,0", "3,3"]), &contested, 1);
    for (out, back) in [
        ("Debit", "Credit"),
        ("Soll", "Haben"),
        ("Out", "In"),
        ("Spent", "Refunded"),
        ("Paid out", "Paid in"),
        ("Cargo", "Abono"),
    ] {
        let sides = [format!("credits = {out:?}"), format!("given_back = {back:?}")];
        check(&with(&format!("{out},{back}"), ["5,0", ",2", "1,"]), &[&sides[0], &sides[1]], 0);
    }
}

#[test]
fn names_of_any_letters_are_written_as_toml() {
    let proposal = |name: &str, label: &str| {
        let table = format!("Day,{name} credits,{name} user\n2026-10-01,1,ada\n2026-10-02,2,ben\n");
        propose(table.as_bytes(), label, &crate::ingest::tests::settings()).unwrap()
    };
    for name in ["A\u{a0}b", "A\u{200b}b", "A\u{7f}b", "A\u{1}b", "A'b", "A\\b", "A\u{85}b", "\"A\"\"b\""] {
        let proposal = proposal(name, &format!("in/{name}.csv"));
        let read = Map::parse(&proposal.text, "map");
        assert!(read.is_ok() && proposal.lacks.is_empty(), "{name:?}: {read:?}\n{}", proposal.text);
    }
    let text = proposal("The", "in/Ada's.csv").text;
    assert!(text.contains("provider = \"ada's\""), "{text}");
}

#[test]
fn texts_in_place_of_amounts_are_never_shown() {
    let rows =
        |cells: &[&str]| cells.iter().map(|cell| format!("2026-10-13,ada,{cell}\n")).collect::<Vec<_>>().concat();
    let prompts =
        ["5", "fix login", "make it red", "dark mode", "no footer", "a chart", "new logo", "why", "undo", "bigger"];
    let texts = ["5", "2 bugs in checkout", "3 red buttons", "4 blue links"];
    for (cells, lacks) in [(&prompts[..], 1), (&texts[..], 1), (&["5", "6", "7", "secret", "free", "8"], 0)] {
        let table = format!("Day,Member,usage\n{}", rows(cells));
        let proposal = propose(table.as_bytes(), "a.csv", &crate::ingest::tests::settings()).unwrap();
        assert_eq!(proposal.lacks.len(), lacks, "{}", proposal.text);
        for cell in cells.iter().filter(|cell| **cell != "free" && cell.len() > 1) {
            assert!(!proposal.text.contains(cell), "{cell} in\n{}", proposal.text);
        }
    }
}

#[test]
fn units_are_told_by_whole_words() {
    check("Day,Description edit amount\n2026-10-01,1\n", &["unit = \"credits\"  # assumed"], 0);
    check("Day,Kosten Kredite\n2026-10-01,1\n", &["unit = \"credits\"  # by its name"], 0);
    check("Day,totaltokens\n2026-10-01,1\n", &["unit = \"tokens\"  # by its name"], 0);
    check("Day,costUsd\n2026-10-01,1\n", &["unit = \"usd\"  # by its name"], 0);
}

#[test]
fn numbers_that_no_name_calls_consumption_are_asked_about() {
    for name in ["Age", "Year", "Zip"] {
        let asked = format!("credits = \"\"  # fill this in: no column is called what was consumed: is it {name:?}?");
        check(&format!("Day,Member,{name}\n2026-10-01,ada,31\n2026-10-02,ben,32\n"), &[&asked], 1);
    }
    check("Day,Member,X\n2026-10-01,ada,$31\n2026-10-02,ben,$32\n", &["credits = \"X\""], 0);
}

#[test]
fn amounts_that_do_not_simply_add_up_are_asked_about() {
    let with = |names: &str, row: &dyn Fn(usize) -> String| {
        let rows: Vec<String> = (1..10).map(|n| format!("2026-10-{n:02}T09:00:00Z,ada,{}", row(n))).collect();
        format!("Date,Who,{names}\n{}\n", rows.join("\n"))
    };
    let saw = |n: usize| n * 7 % 5 + 1;
    let asked = |key: &str, lack: &str| format!("{key} = \"\"  # fill this in: {lack}");
    let running = asked("credits", "the amounts of \"Total\" never fall from row to row: is it a running total?");
    check(&with("Total", &|n| (n * n).to_string()), &[&running], 1);
    check(&with("Total", &|n| saw(n).to_string()), &["credits = \"Total\""], 0);
    let each = asked("credits", "is \"Price\" the price of one, and \"Qty\" how many?");
    check(&with("Price,Qty", &|n| format!("{}.5,{}", saw(n), 1 + n % 3)), &[&each], 1);
    check(&with("Price,Qty", &|n| format!("{}.5,1", saw(n))), &["credits = \"Price\""], 0);
    let currencies = asked("unit", "\"Currency\" names 2 currencies, which do not add up: split the file");
    let currency = |n: usize| format!("{}.5,{}", saw(n), ["EUR", "USD"][n % 2]);
    check(&with("Amount,Currency", &currency), &[&currencies], 1);
    let signs = asked("unit", "the cells are in 2 currencies, which do not add up: split the file");
    check(&with("Amount", &|n| format!("{}{}.5", ["€", "$"][n % 2], saw(n))), &[&signs], 1);
    check(
        &with("amount_cents", &|n| (saw(n) * 100).to_string()),
        &[&asked("unit", "by its name it counts hundredths")],
        1,
    );
    let words = asked("sign", "no amount is negative, and \"Type\" tells in words which were given back");
    check(&with("Amount,Type", &|n| format!("{}.5,{}", saw(n), ["credit", "debit"][n % 2])), &[&words], 1);
}
