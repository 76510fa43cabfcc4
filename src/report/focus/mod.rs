//! Events as rows of FOCUS 1.2, the `FinOps` Open Cost and Usage Specification (<https://focus.finops.org>), one row each.
//!
//! Prepaid credits are a virtual currency: a row bills nothing (`BilledCost` 0), its amount is `PricingCurrencyEffectiveCost`
//! in a currency of its vendor and meter, and `EffectiveCost` is its value in dollars, 0 where no price is known. What a
//! source bills in dollars is `BilledCost`. Grants, top-ups and expiries are no usage and have no row. `docs/focus.md` lists
//! every column.
pub mod write;

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    audit::cycle::resets::{Cycle, Resets},
    ingest::{Ingested, batch::Second},
    model::{
        account::{Basis, Meter, Unit},
        amount::{Amount, Total},
        decision::Decision,
        event::{Event, Tag, Thread, Word},
    },
    rollup::{AccountName, Prices, price},
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Decimal,
    Moment,
}
use Kind::{Decimal, Moment, Text};

/// The columns of the specification in the order of their names, then our own.
const COLUMNS: [(&str, Kind); 63] = [
    ("AvailabilityZone", Text),
    ("BilledCost", Decimal),
    ("BillingAccountId", Text),
    ("BillingAccountName", Text),
    ("BillingCurrency", Text),
    ("BillingPeriodEnd", Moment),
    ("BillingPeriodStart", Moment),
    ("ChargeCategory", Text),
    ("ChargeClass", Text),
    ("ChargeDescription", Text),
    ("ChargeFrequency", Text),
    ("ChargePeriodEnd", Moment),
    ("ChargePeriodStart", Moment),
    ("CommitmentDiscountCategory", Text),
    ("CommitmentDiscountId", Text),
    ("CommitmentDiscountName", Text),
    ("CommitmentDiscountStatus", Text),
    ("CommitmentDiscountType", Text),
    ("ConsumedQuantity", Decimal),
    ("ConsumedUnit", Text),
    ("ContractedCost", Decimal),
    ("ContractedUnitPrice", Decimal),
    ("EffectiveCost", Decimal),
    ("InvoiceIssuerName", Text),
    ("ListCost", Decimal),
    ("ListUnitPrice", Decimal),
    ("PricingCategory", Text),
    ("PricingCurrency", Text),
    ("PricingCurrencyContractedUnitPrice", Decimal),
    ("PricingCurrencyEffectiveCost", Decimal),
    ("PricingCurrencyListUnitPrice", Decimal),
    ("PricingQuantity", Decimal),
    ("PricingUnit", Text),
    ("ProviderName", Text),
    ("PublisherName", Text),
    ("RegionId", Text),
    ("RegionName", Text),
    ("ResourceId", Text),
    ("ResourceName", Text),
    ("ResourceType", Text),
    ("ServiceCategory", Text),
    ("ServiceName", Text),
    ("ServiceSubcategory", Text),
    ("SkuId", Text),
    ("SkuMeter", Text),
    ("SkuPriceId", Text),
    ("SubAccountId", Text),
    ("SubAccountName", Text),
    ("Tags", Text),
    ("x_Action", Text),
    ("x_ActionProbability", Decimal),
    ("x_Amount", Decimal),
    ("x_AmountUnit", Text),
    ("x_Basis", Text),
    ("x_Entry", Text),
    ("x_EventId", Text),
    ("x_Feature", Text),
    ("x_File", Text),
    ("x_Line", Text),
    ("x_Meter", Text),
    ("x_Model", Text),
    ("x_Session", Text),
    ("x_User", Text),
];

/// An event with its class and the feature it is about.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    /// The event.
    pub event: &'a Event,
    /// Its class.
    pub decision: Decision,
    /// What a column tells, else what was inferred.
    pub feature: Option<Word>,
}

/// A value of a cell.
enum Cell<'a> {
    Text(Cow<'a, str>),
    Decimal(Total),
    Moment(DateTime<Utc>),
}

/// The seconds that a total lasts at most.
const DAY_SECONDS: i64 = 24 * 3_600;

/// How many seconds the totals of each file last: the longest time that all of them begin whole numbers of apart, a day at
/// most.
pub fn buckets(charges: &[Charge], input: &Ingested) -> BTreeMap<u32, i64> {
    let mut firsts: BTreeMap<u32, i64> = BTreeMap::new();
    let mut buckets: BTreeMap<u32, i64> = BTreeMap::new();
    for Charge { event, .. } in charges.iter().filter(|charge| input.names.tag(charge.event.tag).is_aggregate) {
        let at = event.at.utc().timestamp();
        let apart = (at - *firsts.entry(event.place.file).or_insert(at)).abs();
        let bucket = buckets.entry(event.place.file).or_insert(DAY_SECONDS);
        let (mut whole, mut rest) = (*bucket, apart);
        while rest > 0 {
            (whole, rest) = (rest, whole % rest);
        }
        *bucket = whole;
    }
    buckets
}

/// What rows are made from beside their charges.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    /// What was read.
    pub input: &'a Ingested,
    /// What credits cost.
    pub prices: &'a Prices,
    /// When billing periods begin.
    pub resets: &'a Resets,
    /// How many seconds the totals of each file last.
    pub buckets: &'a BTreeMap<u32, i64>,
}

/// What is known of a charge beyond itself.
struct Source<'a> {
    charge: Charge<'a>,
    thread: Thread,
    tag: &'a Tag,
    books: Books<'a>,
}

const ONE: Total = Total::from_nanos(1_000_000_000);

impl<'a> Source<'a> {
    fn new(books: Books<'a>, charge: Charge<'a>) -> Self {
        let names = &books.input.names;
        let (thread, tag) = (names.thread(charge.event.thread), names.tag(charge.event.tag));
        Self { charge, thread, tag, books }
    }

    /// The cell of a column; `None` is null.
    fn cell(&self, column: &str) -> Option<Cell<'a>> {
        let Self { charge: Charge { event, decision, feature }, thread, tag, books } = *self;
        let input = books.input;
        let text = |word: Option<Word>| input.names.text_of(word).map(Cow::Borrowed);
        let said = |text: &'static str| Some(Cell::Text(text.into()));
        let (amount, provider) = (Total::from(event.amount), input.names.text(tag.account.provider));
        let label = thread.app.map(|app| Cow::Borrowed(input.names.app_label(thread.workspace, app)));
        let in_text = match column {
            "BillingAccountId" => text(thread.workspace).or(Some(provider.into())),
            "ChargeDescription" => Some(description(decision, tag, label.as_deref()).into()),
            "ConsumedUnit" | "PricingUnit" => Some(self.quantity().1.into()),
            "InvoiceIssuerName" | "ProviderName" | "PublisherName" | "ServiceName" => Some(provider.into()),
            "PricingCurrency" => Some(self.currency()),
            "ResourceId" => text(thread.app),
            "ResourceName" => label,
            "ResourceType" => label.map(|_| "App".into()),
            "SkuId" | "SkuPriceId" => Some(self.sku().into()),
            "SkuMeter" | "x_Meter" => Some(tag.account.meter.word().into()),
            "BillingAccountName" | "SubAccountId" | "SubAccountName" => text(thread.workspace),
            "Tags" => self.tags(),
            "x_Action" => Some(decision.action.word().into()),
            "x_AmountUnit" => Some(tag.account.unit.word().into()),
            "x_Basis" => Some(tag.basis.word().into()),
            "x_Entry" => Some(tag.entry.word().into()),
            "x_EventId" => input.kept.get(&event.place).and_then(|kept| kept.id.as_deref()).map(Cow::Borrowed),
            "x_Feature" => text(feature),
            "x_File" => Some(input.files[event.place.file as usize].path.as_str().into()),
            "x_Line" => Some(event.place.line.to_string().into()),
            "x_Model" => text(tag.model),
            "x_Session" => text(thread.session),
            "x_User" => text(thread.user),
            _ => None,
        };
        if let Some(text) = in_text {
            return Some(Cell::Text(text));
        }
        let value = self.value();
        Some(match column {
            "BillingCurrency" => return said("USD"),
            "ChargeCategory" => return said("Usage"),
            "ChargeFrequency" => return said("Usage-Based"),
            "PricingCategory" => return said("Standard"),
            "ServiceCategory" => return said("AI and Machine Learning"),
            "ServiceSubcategory" => return said("Generative AI"),
            "BilledCost" => Cell::Decimal(self.billed()),
            "ContractedCost" | "EffectiveCost" | "ListCost" => Cell::Decimal(value.unwrap_or(Total::ZERO)),
            "ContractedUnitPrice" | "ListUnitPrice" if self.is_single() => Cell::Decimal(self.each(value?)),
            "PricingCurrencyEffectiveCost" | "x_Amount" => Cell::Decimal(amount),
            "PricingCurrencyContractedUnitPrice" | "PricingCurrencyListUnitPrice" if self.is_single() => {
                Cell::Decimal(self.each(amount))
            }
            "ConsumedQuantity" | "PricingQuantity" => Cell::Decimal(self.quantity().0),
            "x_ActionProbability" => {
                Cell::Decimal(decision.probability.get().to_string().parse::<Amount>().ok()?.into())
            }
            "BillingPeriodStart" => Cell::Moment(self.cycle()?.start.utc()),
            "BillingPeriodEnd" => Cell::Moment(self.cycle()?.end.utc()),
            "ChargePeriodStart" => Cell::Moment(self.period().0),
            "ChargePeriodEnd" => Cell::Moment(self.period().1),
            _ => return None,
        })
    }

    /// Whether the row is one message or run, and no total of several.
    fn is_single(&self) -> bool {
        !self.tag.is_aggregate
    }

    /// What is given back: so many less at the price of one.
    fn is_given_back(&self) -> bool {
        self.charge.event.amount < Amount::ZERO
    }

    /// The price of one, from the cost of a single row.
    fn each(&self, cost: Total) -> Total {
        if self.is_given_back() { -cost } else { cost }
    }

    /// How many of what was consumed: of a total, what it counts, as far as it is told; less than none of what is given back.
    fn quantity(&self) -> (Total, &'static str) {
        let amount = Total::from(self.charge.event.amount);
        let second = self.second().map(|(unit, amount)| (unit, Total::from(amount)));
        let unit = self.tag.account.unit;
        let told = [Some((unit, amount)), second].into_iter().flatten();
        let counted = told.filter(|_| !self.is_single()).find_map(|(unit, amount)| match unit {
            Unit::Tokens => Some((amount, "Tokens")),
            Unit::Requests => Some((amount, "Requests")),
            Unit::Credits | Unit::Usd => None,
        });
        let one = if self.is_given_back() { -ONE } else { ONE };
        counted.unwrap_or(match (self.is_single(), self.tag.account.meter) {
            (true, Meter::Message) => (one, "Messages"),
            (true, Meter::Integration) => (one, "Runs"),
            (false, _) => (one, "Totals"),
        })
    }

    fn second(&self) -> Option<Second> {
        let seconds = &self.books.input.seconds;
        let found = seconds.binary_search_by_key(&self.charge.event.place, |(place, _)| *place);
        found.ok().map(|found| seconds[found].1)
    }

    /// The billing period of the row.
    fn cycle(&self) -> Option<Cycle> {
        self.books.resets.cycle(self.charge.event.at)
    }

    /// Dollars that are billed for the row.
    fn billed(&self) -> Total {
        if self.tag.basis != Basis::Billed {
            return Total::ZERO;
        }
        match (self.tag.account.unit, self.second()) {
            (Unit::Usd, _) => self.charge.event.amount.into(),
            (_, Some((Unit::Usd, dollars))) => dollars.into(),
            _ => Total::ZERO,
        }
    }

    /// The value in dollars, where one is known.
    fn value(&self) -> Option<Total> {
        let account = self.tag.account;
        let provider = self.books.input.names.text(account.provider).to_owned();
        let account = AccountName { provider, meter: account.meter, unit: account.unit };
        let own = price(&account, self.books.prices).and_then(|price| price.of(self.charge.event.amount.into()));
        own.or_else(|| self.second().filter(|(unit, _)| *unit == Unit::Usd).map(|(_, dollars)| dollars.into()))
    }

    /// Dollars, or the virtual currency of the vendor and the meter.
    fn currency(&self) -> Cow<'static, str> {
        let account = self.tag.account;
        match account.unit {
            Unit::Usd => "USD".into(),
            unit => format!("{} {} {unit}", self.books.input.names.text(account.provider), account.meter).into(),
        }
    }

    /// Vendor, meter and unit: what exports tell of what is priced.
    fn sku(&self) -> String {
        let account = self.tag.account;
        format!("{}/{}/{}", self.books.input.names.text(account.provider), account.meter.word(), account.unit.word())
    }

    /// From the second of the event to the next; of a total, as long as those of its file are apart, a day at most.
    fn period(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let at = self.charge.event.at.utc();
        let start = DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
        let bucket = || self.books.buckets.get(&self.charge.event.place.file).copied().unwrap_or(DAY_SECONDS);
        (start, start + TimeDelta::seconds(if self.is_single() { 1 } else { bucket() }))
    }

    /// User, feature, session and model as a JSON object.
    fn tags(&self) -> Option<Cow<'static, str>> {
        let Self { charge, thread, tag, books } = self;
        let words =
            [("user", thread.user), ("feature", charge.feature), ("session", thread.session), ("model", tag.model)];
        let told = words.into_iter().filter_map(|(name, word)| Some((name, books.input.names.text_of(word)?)));
        let tags: serde_json::Map<_, _> = told.map(|(name, text)| (name.to_owned(), text.into())).collect();
        (!tags.is_empty()).then(|| serde_json::Value::from(tags).to_string().into())
    }
}

/// What the row is for, without what anybody wrote.
fn description(decision: Decision, tag: &Tag, app: Option<&str>) -> String {
    let what = if tag.is_aggregate { "total" } else { decision.action.word() };
    match app {
        Some(app) => format!("{what} in {app}"),
        None => what.to_owned(),
    }
}
