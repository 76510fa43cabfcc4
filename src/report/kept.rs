//! Prompts beside their events, for the page of whoever asked with `--keep-prompts` to keep them. Bundles never hold any.
use crate::{
    ingest::Ingested,
    model::{action::Action, amount::Amount, event::Word, instant::Instant},
    report::lines,
    rollup::{AccountName, Classified, Selection, cube::Session},
};

/// A prompt that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The account that it is counted in.
    pub account: AccountName,
    /// The session.
    pub session: Session,
    /// When it was sent.
    pub at: Instant,
    /// Who sent it.
    pub user: Option<String>,
    /// What it is about, as a column tells or as was inferred.
    pub feature: Option<String>,
    /// Its class.
    pub action: Action,
    /// What it cost.
    pub amount: Amount,
    /// What it says.
    pub text: String,
}

/// The selected prompts that were kept, in order.
pub fn prompts(input: &Ingested, classified: Classified, selection: &Selection) -> Vec<Kept> {
    if input.kept.values().all(|kept| kept.prompt.is_none()) {
        return Vec::new();
    }
    let names = &input.names;
    let text = |word: Option<Word>| names.text_of(word).map(str::to_owned);
    let kept = lines::picked_at(input, classified, selection).filter_map(|(position, decision)| {
        let event = &classified.timeline.events()[position];
        let session = classified.timeline.session(classified.timeline.session_of()[position]?);
        let (thread, tag) = (names.thread(event.thread), names.tag(event.tag));
        let of = tag.account;
        Some(Kept {
            account: AccountName { provider: names.text(of.provider).to_owned(), meter: of.meter, unit: of.unit },
            session: Session { first: session.first, name: text(names.thread(session.thread).session) },
            at: event.at,
            user: text(thread.user),
            feature: text(classified.feature(position)),
            action: decision.action,
            amount: event.amount,
            text: input.kept.get(&event.place)?.prompt.as_deref()?.to_owned(),
        })
    });
    kept.collect()
}
