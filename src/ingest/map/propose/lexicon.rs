//! What columns are called in English, German, French, Spanish and Portuguese. A name is a hint only: what the cells hold
//! must agree with it.

/// A field, and the words by which columns are called that hold it; without accents, in lower case.
type Entry = (&'static str, &'static str);

/// The fields that a name tells, beside the time and the amounts.
const FIELDS: &[Entry] = &[
    (
        "user",
        "user username mail email member employee person owner author assignee rep name benutzer benutzername nutzer \
     anwender auftraggeber mitarbeiter mitglied kollege verfasser utilisateur employe membre auteur collaborateur \
     courriel usuario usuaria miembro empleado autor correo nombre usuarios membro colaborador funcionario \
     utilizador nome",
    ),
    ("app", "app project anwendung projekt application appli projet aplicacion proyecto aplicacao aplicativo projeto"),
    (
        "feature",
        "feature component page funktion baustein seite fonctionnalite composant funcion funcionalidad componente \
     pagina funcionalidade recurso",
    ),
    (
        "session",
        "session chat conversation thread sitzung unterhaltung gesprach seance sesion conversacion sessao conversa",
    ),
    (
        "prompt",
        "prompt message instruction nachricht anfrage eingabe anweisung requete consigne mensaje peticion instruccion \
     mensagem solicitacao instrucao",
    ),
    ("model", "model modell modele modelo sprachmodell"),
    ("workspace", "workspace team arbeitsbereich mandant espace equipe espacio equipo espaco cliente client kunde"),
    ("event_id", "id uuid kennung vorgangsnummer identifiant identificador referencia reference"),
    ("balance_after", BALANCES),
];

/// What is left after a row.
const BALANCES: &str = "balance remaining guthaben restguthaben saldo kontostand solde restant restante";

/// Days and instants.
const TIMES: &str = "timestamp date datetime time day created when datum zeitpunkt zeitstempel tag buchungstag horodatage jour \
     fecha dia data momento";

/// Amounts, the surest words first.
const AMOUNTS: &[&str] = &[
    "credits credit creditos credito kredite",
    "cost costs charge charges kosten gebuhr cout couts frais coste costo costes custo custos",
    "amount usd betrag umsatz montant importe valor montante quantia",
    "spend spent usage consumption used paid debit verbrauch ausgaben ausgabe consommation depense depenses \
     consumo gasto gastos despesa despesas uso",
    "price total preis summe gesamt prix precio preco",
    "tokens requests quantity hours anzahl menge stunden quantite heures cantidad horas quantidade",
];

/// Sums of other columns.
const TOTALS: &str = "total totals all sum gesamt summe insgesamt somme suma soma";

/// What amounts that were taken are called, and what those given back are called beside them.
const SIDES: &[Entry] = &[
    ("debit", "credit"),
    ("debits", "credits"),
    ("debito", "credito"),
    ("debitos", "creditos"),
    ("soll", "haben"),
    ("belastung", "gutschrift"),
    ("out", "in"),
    ("withdrawal", "deposit"),
    ("withdrawals", "deposits"),
    ("ausgang", "eingang"),
    ("sortie", "entree"),
    ("cargo", "abono"),
    ("cargos", "abonos"),
    ("salida", "entrada"),
    ("saida", "entrada"),
    ("spent", "refunded"),
    ("used", "refunded"),
    ("charged", "refunded"),
    ("debit", "refund"),
    ("charge", "refund"),
    ("charges", "refunds"),
    ("amount", "refund"),
    ("belastung", "erstattung"),
    ("debit", "remboursement"),
    ("gasto", "reembolso"),
    ("custo", "estorno"),
];

/// Amounts that were given back, whatever stands beside them.
const REFUNDS: &str = "refund refunded refunds erstattung remboursement reembolso estorno";

/// Amounts that may have been taken, and those that were given back if so: beside credits used, it may be money.
const MAY_BE_SIDES: Entry = (
    "debit debits debito debitos charged soll belastung withdrawal withdrawals cargo cargos",
    "credit credits credito creditos haben gutschrift deposit deposits abono abonos",
);

/// Words in place of an amount, and what they mean.
const WORDS: &[Entry] = &[
    ("included", "included inklusive enthalten inclus incluido incluida"),
    ("free", "free kostenlos gratis frei gratuit offert"),
];

/// Units, and the words by which amounts in them are called.
const UNITS: &[Entry] = &[
    ("usd", "usd dollar dollars"),
    ("tokens", "token tokens"),
    ("requests", "request requests"),
    ("credits", AMOUNTS[0]),
];

/// How well a name is one of some words: 3 all of it, 2 one of its words, 1 the beginning of one; 0 not at all.
pub(super) fn rank(name: &str, words: &str) -> usize {
    let words: Vec<&str> = words.split(' ').collect();
    let tokens = tokens(name);
    let joined = tokens.concat();
    let begins = |token: &String| words.iter().any(|word| word.len() > 4 && token.starts_with(word));
    match () {
        () if words.contains(&joined.as_str()) => 3,
        () if tokens.iter().any(|token| words.contains(&token.as_str())) => 2,
        () if tokens.iter().any(begins) => 1,
        () => 0,
    }
}

/// The fields that a name may be of, the surest first.
pub(super) fn fields(name: &str) -> Vec<&'static str> {
    let mut ranked: Vec<(usize, &str)> = FIELDS.iter().map(|(field, words)| (rank(name, words), *field)).collect();
    ranked.retain(|(rank, _)| *rank > 0);
    ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    ranked.into_iter().map(|(_, field)| field).collect()
}

/// How well a name is that of a time.
pub(super) fn time_rank(name: &str) -> usize {
    rank(name, TIMES)
}

/// How well a name is that of the amount that counts; `None` where it is that of what is left or given back, a rate or a
/// number of something.
pub(super) fn amount_rank(name: &str) -> Option<usize> {
    let is_other = rank(name, BALANCES) > 0 || rank(name, "id rate tax line row") > 1 || is_refund(name);
    let of_group = |(place, words): (usize, &&str)| match rank(name, words) {
        0 => 0,
        rank => (AMOUNTS.len() - place) * 10 + rank * 3,
    };
    // Beside its parts, a total is what counts.
    let is_total = usize::from(rank(name, TOTALS) > 1);
    (!is_other).then(|| AMOUNTS.iter().enumerate().map(of_group).max().unwrap_or(0) + is_total)
}

/// Whether columns are called by a word.
pub(in crate::ingest) fn is_of_a_column(name: &str) -> bool {
    let words = FIELDS.iter().map(|(_, words)| *words).chain(AMOUNTS.iter().copied()).chain([TIMES, TOTALS, REFUNDS]);
    words.into_iter().any(|words| rank(name, words) > 1)
}

/// Whether two names are those of amounts taken and given back, as in a journal, and the same but for this.
pub(super) fn are_sides(out: &str, back: &str) -> bool {
    let (out, back) = (tokens(out), tokens(back));
    let mut differ = out.iter().zip(&back).filter(|(out, back)| out != back);
    let is_pair = |(out, back): (&String, &String)| SIDES.contains(&(out.as_str(), back.as_str()));
    out.len() == back.len() && differ.next().is_some_and(is_pair) && differ.next().is_none()
}

/// Whether two names may be those of amounts taken and given back.
pub(super) fn may_be_sides(out: &str, back: &str) -> bool {
    let is_taken = amount_rank(out).is_some_and(|rank| rank > 0);
    let may_be = rank(out, MAY_BE_SIDES.0) > 1 && rank(back, MAY_BE_SIDES.1) > 1;
    are_sides(out, back) || may_be || is_taken && is_refund(back)
}

/// Whether a name is that of amounts given back.
fn is_refund(name: &str) -> bool {
    rank(name, REFUNDS) > 1
}

/// The unit that a name tells, by a word of its own or at the end of one.
pub(super) fn unit(name: &str) -> Option<&'static str> {
    let tokens = tokens(name);
    let tells = |words: &str| words.split(' ').any(|word| tokens.iter().any(|token| token.ends_with(word)));
    UNITS.iter().find(|(_, words)| tells(words)).map(|(unit, _)| *unit)
}

/// What a word in place of an amount means.
pub(super) fn meaning(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(_, words)| rank(word, words) == 3).map(|(meaning, _)| *meaning)
}

/// The words of a name, without accents and in lower case; `createdAt` has two.
fn tokens(name: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || was_small && letter.is_uppercase() {
            tokens.push(String::new());
        }
        was_small = letter.is_lowercase();
        if letter.is_alphanumeric() {
            tokens.last_mut().into_iter().for_each(|token| token.extend(plain(letter)));
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// A letter in lower case without its accent.
fn plain(letter: char) -> impl Iterator<Item = char> {
    const ACCENTS: [(&str, char); 8] = [
        ("àáâãäå", 'a'),
        ("ç", 'c'),
        ("èéêë", 'e'),
        ("ìíîï", 'i'),
        ("ñ", 'n'),
        ("òóôõö", 'o'),
        ("ùúûü", 'u'),
        ("ýÿ", 'y'),
    ];
    let bare =
        |letter: char| ACCENTS.iter().find(|(letters, _)| letters.contains(letter)).map_or(letter, |(_, bare)| *bare);
    letter.to_lowercase().flat_map(move |letter| if letter == 'ß' { vec!['s', 's'] } else { vec![bare(letter)] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_five_languages_are_told() {
        for (name, field) in [
            ("Auftraggeber", "user"),
            ("Name des Auftraggebers", "user"),
            ("Utilisateur", "user"),
            ("usuário", "user"),
            ("E-Mail", "user"),
            ("Projektname", "app"),
            ("Aplicación", "app"),
            ("Fonctionnalité", "feature"),
            ("Sitzung", "session"),
            ("Mensagem", "prompt"),
            ("Modèle", "model"),
            ("Restguthaben", "balance_after"),
            ("Solde", "balance_after"),
            ("requestId", "event_id"),
        ] {
            assert_eq!(fields(name).first(), Some(&field), "{name}");
        }
        assert!(fields("Bemerkung").is_empty());
    }

    #[test]
    fn amounts_are_no_balances_and_no_numbers_of_things() {
        assert!(amount_rank("Verbrauchte Credits") > amount_rank("Preis"));
        assert!(amount_rank("Betrag (EUR)") > amount_rank("Menge"));
        assert_eq!(amount_rank("Guthaben"), None);
        assert_eq!(amount_rank("Credit balance"), None);
        assert!(are_sides("Soll", "Haben") && !are_sides("Sollzinsen", "Haben") && !are_sides("Charged", "Credits"));
        assert!(time_rank("Fecha y hora") > 1 && time_rank("createdAt") > 1);
        assert_eq!((meaning("inclus"), meaning("kostenlos"), meaning("n/a")), (Some("included"), Some("free"), None));
    }
}
