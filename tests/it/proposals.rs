//! Foreign tables in five languages: the map that `inspect --write-map` proposes is loaded again, and an audit with it tells
//! what was consumed, and by whom.
use std::path::Path;

use serde_json::Value;

use crate::{
    command::{Ran, audit, creditscope, file, json},
    twins::{gz, ods, parquet, rows, xlsx, zip, zst},
};

/// A table, and what an audit of it tells.
struct Foreign {
    name: &'static str,
    text: &'static str,
    /// The amount and its unit, what was given back taken off.
    total: (&'static str, &'static str),
    users: &'static [&'static str],
}

const TABLES: [Foreign; 10] = [
    Foreign {
        name: "bank.csv",
        text: "Buchungstag;Auftraggeber;Verwendungszweck;Betrag;Guthaben\n\
               01.10.2026;Ada Kern;Credits gekauft;-12,50;987,50\n\
               02.10.2026;Ben Roth;Credits gekauft;-1.007,25;-19,75\n\
               14.10.2026;Ada Kern;Gutschrift;20,00;0,25\n\
               15.10.2026;Ben Roth;Credits gekauft;-0,25;0,00\n",
        total: ("1000", "credits"),
        users: &["Ada Kern", "Ben Roth"],
    },
    Foreign {
        name: "verbrauch.csv",
        text: "Zeitpunkt;Benutzer;Projekt;Funktion;Verbrauchte Credits;Bemerkung\n\
               2026-10-01 08:15;ada@firma.example;Laden;Kasse;1,5;ok\n\
               2026-10-01 09:20;ben@firma.example;Laden;Suche;2;\n\
               2026-10-02 10:00;ada@firma.example;Laden;Kasse;kostenlos;ok\n\
               2026-10-02 10:05;ben@firma.example;Laden;Kasse;0,75;\n",
        total: ("4.25", "credits"),
        users: &["ada@firma.example", "ben@firma.example"],
    },
    Foreign {
        name: "consommation.csv",
        text: "Date,Heure,Utilisateur,Projet,Coût\n\
               13/10/2026,09:12,Zoé Martin,boutique,\"$1,20\"\n\
               03/10/2026,10:00,Rémi Petit,boutique,inclus\n\
               04/10/2026,23:59,Zoé Martin,boutique,\"$0,35\"\n",
        total: ("1.55", "usd"),
        users: &["Rémi Petit", "Zoé Martin"],
    },
    Foreign {
        name: "consumo.csv",
        text: "Fecha\tUsuario\tAplicación\tImporte\n\
               2026-10-01T08:00:00Z\tluz@tienda.example\tpedidos\t-1.5\n\
               2026-10-01T09:00:00Z\tpaz@tienda.example\tpedidos\t-2.25\n\
               2026-10-02T09:00:00Z\tluz@tienda.example\tpedidos\t-0.25\n",
        total: ("4", "credits"),
        users: &["luz@tienda.example", "paz@tienda.example"],
    },
    Foreign {
        name: "gastos.csv",
        text: "Data|Membro|Projeto|Débito|Crédito\n\
               2026-10-01|Rui|loja|1.5|\n\
               2026-10-02|Eva|loja||0.5\n\
               2026-10-03|Rui|loja|3|\n",
        total: ("4", "credits"),
        users: &["Eva", "Rui"],
    },
    Foreign {
        name: "tokens.csv",
        text: "created at,requestId,by,tokens used,model\n\
               1790841600,r1,ada@shop.example,1200,m-1\n\
               1790845200,r2,ben@shop.example,800,m-1\n\
               1790848800,r3,ada@shop.example,2000,m-2\n",
        total: ("4000", "tokens"),
        users: &["ada@shop.example", "ben@shop.example"],
    },
    Foreign {
        name: "report.csv",
        text: "Usage report\nfor October\n\n'Date','Team member','Charge (USD)','Comment'\n\
               '2026-10-01','O''Hara, Kim','$1.50','a, b'\n\
               '2026-10-02','Ito, Ren','$2.50',''\n\
               '2026-10-03','Ito, Ren','$1.00','c'\n",
        total: ("5", "usd"),
        users: &["Ito, Ren", "O'Hara, Kim"],
    },
    Foreign {
        name: "frame.csv",
        text: ",when,who,spend,balance\n\
               0,2026-10-03T10:00:00Z,ada@x.example,5,85\n\
               1,2026-10-02T10:00:00Z,ben@x.example,7,90\n\
               2,2026-10-01T11:00:00Z,ada@x.example,-4,97\n\
               3,2026-10-01T10:00:00Z,ada@x.example,7,93\n",
        total: ("15", "credits"),
        users: &["ada@x.example", "ben@x.example"],
    },
    Foreign {
        name: "lancamentos.csv",
        text: "Dia;Colaborador;Mensagem;Custo\n\
               31/10/2026;Ana;cria a página inicial;1,25\n\
               01/10/2026;Ana;corrige o botão;0,5\n\
               02/10/2026;Gil;muda a cor;2,25\n",
        total: ("4", "credits"),
        users: &["Ana", "Gil"],
    },
    Foreign {
        name: "depenses.json",
        text: r#"{"lignes":[{"horodatage":"2026-10-01T08:00:00+02:00","collaborateur":"Luc","session":"a","crédits":1.5},
               {"horodatage":"2026-10-01T09:00:00+02:00","collaborateur":"Léa","session":"b","crédits":2.5}]}"#,
        total: ("4", "credits"),
        users: &["Luc", "Léa"],
    },
];

fn propose(path: &Path, map: &Path) -> Ran {
    creditscope(&["inspect".as_ref(), path.as_os_str(), "--write-map".as_ref(), map.as_os_str()])
}

/// Proposes a map for a file, audits the file with it, and compares with what is true.
#[track_caller]
fn check(name: &str, content: &[u8], foreign: &Foreign) {
    let (dir, path) = file(name, content);
    let map = dir.path().join("map.toml");
    let ran = propose(&path, &map);
    let text = std::fs::read_to_string(&map).unwrap_or_default();
    assert!(ran.code == 0 && !ran.stdout.contains("it lacks"), "{name}: {}{}\n{text}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("rows are accepted and 0 rejected"), "{name}: {}\n{text}", ran.stdout);
    let (_out, report, ran) = audit(&[&path], &["--map", map.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{name}: {}\n{text}", ran.stderr);
    let report = json(&report.join("report.json"));
    let total = &report["totals"][0];
    let (amount, unit) = foreign.total;
    assert_eq!((&total["amount"], &total["unit"]), (&amount.into(), &unit.into()), "{name}\n{text}");
    assert_eq!(report["input"]["files"][0]["rejected"], 0, "{name}");
    let mut users: Vec<&str> =
        report["by_user"].as_array().unwrap().iter().filter_map(|row| row["user"].as_str()).collect();
    users.sort_unstable();
    assert_eq!(users, foreign.users, "{name}\n{text}");
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding: &Value| finding["id"] != "balance-mismatch"), "{name}");
}

#[test]
fn foreign_tables_are_read_as_their_proposed_maps_say() {
    for foreign in &TABLES {
        check(foreign.name, foreign.text.as_bytes(), foreign);
    }
}

#[test]
fn packed_tables_workbooks_and_parquet_have_proposals_too() {
    let foreign = &TABLES[3];
    let table = rows(&foreign.text.replace('\t', ","));
    let notes = rows("Hinweis,Datum\nein Blatt daneben,heute\n");
    for (name, content) in [
        ("consumo.xlsx", xlsx(&[("Hoja1", &table)])),
        ("zwei.xlsx", xlsx(&[("Hinweise", &notes), ("Octubre", &table)])),
        ("consumo.ods", ods(&table)),
        ("consumo.parquet", parquet(&table)),
        ("consumo.csv.gz", gz(foreign.text.as_bytes())),
        ("consumo.csv.zst", zst(foreign.text.as_bytes())),
        ("consumo.zip", zip(&[("consumo.csv", foreign.text.as_bytes()), ("leeme.txt", b"hola")])),
    ] {
        check(name, &content, foreign);
    }
}

#[test]
fn what_is_not_certain_is_asked_for_and_the_map_refused_until_then() {
    let text = "Datum,Betrag,Name\n2026-10-01,-5,Ada\n2026-10-02,7,Ben\n2026-10-03,-2,Ada\n";
    let (dir, path) = file("bank.csv", text);
    let map = dir.path().join("map.toml");
    let ran = propose(&path, &map);
    assert!(ran.stdout.contains("it lacks: 2 of 3 amounts are negative"), "{}{}", ran.stdout, ran.stderr);
    let (_out, report, ran) = audit(&[&path], &["--map", map.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("[amount] sign = \"\": write positive, negative"), "{}", ran.stderr);
    assert!(!report.exists());
    let filled = std::fs::read_to_string(&map).unwrap().replace("sign = \"\"", "sign = \"negative\"");
    std::fs::write(&map, filled).unwrap();
    let (_out, report, ran) = audit(&[&path], &["--map", map.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(json(&report.join("report.json"))["totals"][0]["amount"], "0");
}
