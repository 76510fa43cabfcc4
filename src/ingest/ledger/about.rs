//! The ledger's columns in words, for `creditscope template`.

/// What a column of the ledger means, in a few words.
pub fn meaning(field: &str) -> &'static str {
    match field {
        "timestamp" => "when: RFC 3339, a local time with --tz, epoch seconds, or a date",
        "credits" => "how much was consumed; negative is a refund; Free and - are 0",
        "workspace" => "who shares the pool",
        "user" => "the person; empty for automations",
        "app" => "the app that is built",
        "app_id" => "its id, which survives renaming",
        "session" => "the chat; without it, work without a pause of --gap",
        "feature" => "what is worked on",
        "prompt" => "what was asked; read for its class, then dropped",
        "kind" => "the builder's word: build, discuss, plan, visual_edit, auto_fix, automation, workflow, agent",
        "meter" => "message (building, the default) or integration (the running app)",
        "entry" => "usage (the default), grant, topup, expiry or refund",
        "status" => "success, failed, cancelled, reverted or blocked",
        "status_reason" => "why it failed",
        "event_id" => "tells events of overlapping exports apart",
        "balance_after" => "credits left afterwards",
        "model" => "the language model",
        "provider" => "the builder, where it is not the profile's",
        "unit" => "written by convert: credits (the default), tokens, usd or requests",
        "basis" => "written by convert: billed (the default), included, list or waived",
        "grain" => "written by convert: event (the default) or day, a total without session and class",
        "row_key" => "written by convert: tells rows of overlapping files apart in place of what they hold",
        "also" => "written by convert: the same use in another unit, which --unit audits",
        "also_unit" => "written by convert: the unit of also",
        _ => "",
    }
}
