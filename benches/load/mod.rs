//! Prompts that the benches share: a load, not a sample of how people write.

/// Short requests of every class.
pub(crate) const SHORT: [&str; 6] = [
    "Add a list of open invoices to the dashboard, newest first",
    "the button on the checkout page does nothing when I tap it, still the same error",
    "make the header smaller and use our brand colour",
    "Rebuild the settings page from scratch, it should have tabs",
    "what does the export do with archived customers?",
    "move the filter above the table and keep the rest as it is",
];
