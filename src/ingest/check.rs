//! What the tests of transcripts and of JSON sources share.
use crate::ingest::{
    Keep, Settings,
    batch::Batch,
    source::{self, Source},
};

/// Settings without any wish.
pub(super) fn settings() -> Settings {
    Settings { keep: Keep::IdsAndPrompts, ..super::tests::settings() }
}

/// What a text is and what it holds; every row went somewhere.
#[track_caller]
pub(super) fn inspected(text: &str, settings: &Settings) -> (Source, Batch) {
    let (source, _, batch) = source::read(text.as_bytes(), settings).expect("a source knows it");
    assert!(batch.rows.balances(), "{:?}", batch.rows);
    (source, batch)
}

/// Each event in a line.
pub(super) fn events(batch: &Batch) -> Vec<String> {
    let line = |event: &crate::model::event::Event| {
        let tag = batch.names.tag(event.tag);
        let (provider, unit) = (batch.names.text(tag.account.provider), tag.account.unit);
        format!("{} {} {provider} {} {unit} {}", event.at, event.amount, tag.account.meter, tag.basis)
    };
    batch.events.iter().map(line).collect()
}
