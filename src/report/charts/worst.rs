//! The dearest session, prompt by prompt.
use crate::{
    model::{action::Action, amount::Total},
    report::{
        charts::{ByAction, Chart, Setting, canvas::Heading, columns, stack},
        rework, words,
    },
};

/// More prompts than this share bars: a bar would be less than 3 pixels wide.
const MOST: usize = 300;

/// Draws the prompts of a session in order.
pub fn draw(name: &str, steps: &[(Action, Total)], setting: &Setting) -> Option<Chart> {
    // one prompt compares nothing
    steps.get(1)?;
    let together = steps.len().div_ceil(MOST);
    let bars: Vec<ByAction> = steps.chunks(together).map(bar).collect();
    let labels: Vec<String> = (0..bars.len()).map(|index| (index * together + 1).to_string()).collect();
    let sums = stack::sum(&bars);
    let whole: Total = sums.iter().copied().sum();
    let prompts = words::counted(steps.len() as u64, "prompt", "prompts");
    let cost = words::amount::amount(whole, setting.unit);
    let title = match rework::among(&sums).share {
        Some(share) if share > 0.0 => format!("{} of the dearest session, {cost}, was rework", words::share(share)),
        _ => format!("The dearest session took {cost} in {prompts}"),
    };
    let each = if together == 1 { "each prompt".to_owned() } else { format!("every {together} prompts") };
    let subtitle = format!("{name}: {} of {each}, {prompts} in order", words::unit(setting.unit));
    let heading = Heading { description: format!("{title}. {subtitle}."), title, subtitle };
    let columns = columns::Columns {
        bars: &bars,
        labels: &labels,
        steps: &[1, 2, 5, 10, 20, 50, 100],
        offset: 0,
        axis: "Number of the prompt in the session".to_owned(),
        unit: setting.unit,
    };
    let drawing = columns::draw(setting, &heading, &columns);
    Some(Chart::new("worst-session", heading.title, drawing))
}

fn bar(steps: &[(Action, Total)]) -> ByAction {
    let mut bar = ByAction::default();
    for (action, amount) in steps {
        bar[action.index()] += *amount;
    }
    bar
}
