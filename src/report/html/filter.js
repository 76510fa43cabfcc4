// Filters the tables: sums the cells of the embedded cubes anew, in whole numbers of 1e-9 units, so that the totals are
// those of the program for the same selection, to the last digit.
(async () => {
  const data = document.getElementById("cube");
  const form = document.getElementById("filter");
  const status = document.getElementById("filtered");
  const unpacked = async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
  };
  // a browser that cannot unpack shows the page without filters
  const cubes = data && window.DecompressionStream && JSON.parse(await unpacked(data.textContent));
  // names that cannot be shown as they are
  const replaced = new Map(cubes ? Object.entries(cubes.shown) : []);
  const shown = (name) => replaced.get(name) ?? name;
  const CUTS = [["action", "Actions"], ["user", "Users"], ["feature", "Features"], ["session", "Sessions"], ["app", "Apps"], ["day", "Days"]];
  const DRILLS = ["user", "app", "feature", "action"];
  const DAY = 86400000;
  const number = (text) => (text === "" ? 0 : parseInt(text, 36));
  const big = (text) => {
    if (text.length < 11) return BigInt(parseInt(text, 36));
    const minus = text[0] === "-";
    let sum = 0n;
    for (const digit of minus ? text.slice(1) : text) sum = sum * 36n + BigInt(parseInt(digit, 36));
    return minus ? -sum : sum;
  };
  // as the program compares names: without case by way of the capital, however letters are composed
  const small = (letter) => letter.toUpperCase().toLowerCase();
  const folded = (text) => [...text.trim().normalize("NFD")].map(small).join("").normalize("NFC");
  const exact = (nanos) => {
    const size = nanos < 0n ? -nanos : nanos;
    const part = (size % 1000000000n).toString().padStart(9, "0").replace(/0+$/, "");
    return (nanos < 0n ? "-" : "") + size / 1000000000n + (part && "." + part);
  };
  const grouped = (text) => text.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  const share = (part, whole) => Number((part * 100000n) / whole) / 1000;
  const percent = (value) => (value > 0 && value < 0.1 ? "<0.1 %" : (value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : value.toFixed(0)) + " %");
  const dayText = (day) => new Date(day * DAY).toISOString().slice(0, 10);

  const cellsOf = (cube) => {
    if (cube.list) return cube.list;
    const scale = 10n ** BigInt(9 - cube.decimals);
    let [s, d, u, a, f] = [0, 0, 0, 0, 0];
    cube.list = cube.cells.split(";").slice(0, -1).map((text) => {
      const parts = text.split(",");
      s += number(parts[0]); d += number(parts[1]); u += number(parts[2]); a += number(parts[3]); f += number(parts[4]);
      return { session: s, day: d, user: u, app: a, feature: f, action: Number(parts[5]), events: parts[6] === "" ? 1 : number(parts[6]), amount: big(parts[7]) * scale };
    });
    return cube.list;
  };
  const worth = (cube, nanos) => {
    if (!cube.price) return null;
    const [dollars, units] = cube.price.map(BigInt);
    const product = nanos * dollars;
    let floor = product / units;
    let left = product % units;
    if (left < 0n) { floor -= 1n; left += units; }
    return left * 2n > units || (left * 2n === units && floor % 2n !== 0n) ? floor + 1n : floor;
  };
  const names = {
    user: (cube, cell) => (cell.user ? [cube.users[cell.user - 1]] : []),
    app: (cube, cell) => (cell.app ? cube.apps[cell.app - 1].slice(1).filter(Boolean) : []),
    feature: (cube, cell) => (cell.feature ? [cube.features[cell.feature - 1][1]] : []),
  };
  const empty = () => ({ events: 0, amount: 0n, actions: cubes.actions.map(() => 0n), counts: cubes.actions.map(() => 0), sessions: new Set(), users: new Set(), first: Infinity, last: -Infinity, cell: null });
  const add = (sum, cell) => {
    sum.events += cell.events;
    sum.amount += cell.amount;
    sum.actions[cell.action] += cell.amount;
    sum.counts[cell.action] += cell.events;
    if (cell.session) sum.sessions.add(cell.session);
    if (cell.user) sum.users.add(cell.user);
    sum.first = Math.min(sum.first, cell.day);
    sum.last = Math.max(sum.last, cell.day);
    sum.cell ??= cell;
  };
  const reworkOf = (sum) => cubes.rework.reduce((total, action) => total + sum.actions[action], 0n);
  const reworkShare = (sum) => {
    const rework = reworkOf(sum);
    const outside = cubes.outside.reduce((total, action) => total + sum.actions[action], 0n);
    return outside === sum.amount || sum.amount <= 0n || rework < 0n || rework > sum.amount ? null : share(rework, sum.amount);
  };
  const appName = (cube, app) => (app && cube.apps[app - 1][1] !== null ? shown(cube.apps[app - 1][1]) : "no app");
  const label = (cube, cut, sum) => {
    const cell = sum.cell;
    if (cut === "action") return cubes.actions[cell.action];
    if (cut === "user") return cell.user ? shown(names.user(cube, cell)[0]) : "no user";
    if (cut === "feature") return cell.feature ? shown(names.feature(cube, cell)[0]) : "unattributed";
    if (cut === "app") return appName(cube, cell.app);
    if (cut === "day") return dayText(cell.day);
    if (!cell.session) return "no session";
    const [name, start] = cube.sessions[cell.session - 1];
    return name !== null ? shown(name) : [...names.user(cube, cell).map(shown), ...(cell.app ? [appName(cube, cell.app)] : []), start].join(" · ");
  };
  const element = (tag, text, properties = {}) => Object.assign(document.createElement(tag), { textContent: text, ...properties });
  const count = (n, one) => `${grouped(String(n))} ${one}${n === 1 ? "" : "s"}`;

  // a name as it is in the data, else as it is shown
  const matcher = (key, text) => {
    const all = cubes.accounts.flatMap((cube) => (key === "user" ? cube.users : key === "app" ? cube.apps.flatMap((app) => app.slice(1).filter(Boolean)) : cube.features.map((feature) => feature[1])));
    const isExact = all.some((name) => folded(name) === text);
    return (name) => folded(isExact ? name : shown(name)) === text;
  };
  const sums = (cube, filter) => {
    const wanted = Object.fromEntries(["user", "app", "feature"].map((key) => [key, matcher(key, filter[key])]));
    const cuts = new Map(CUTS.map(([cut]) => [cut, new Map()]));
    const total = empty();
    for (const cell of cellsOf(cube)) {
      if (cell.day < filter.from || cell.day > filter.to) continue;
      if (filter.action !== "" && cubes.actions[cell.action] !== filter.action) continue;
      if (!["user", "app", "feature"].every((key) => filter[key] === "" || names[key](cube, cell).some((name) => wanted[key](name)))) continue;
      add(total, cell);
      for (const [cut, rows] of cuts) {
        const key = cut === "app" ? (cell.app && cube.apps[cell.app - 1][1] ? cell.app : 0) : cell[cut];
        if (!rows.has(key)) rows.set(key, empty());
        add(rows.get(key), cell);
      }
    }
    return [total, cuts];
  };
  const figures = (cube, sum, whole) => {
    const value = worth(cube, sum.amount);
    const rework = reworkShare(sum);
    const of = whole > 0n && sum.amount >= 0n && sum.amount <= whole ? share(sum.amount, whole) : null;
    return [
      [grouped(exact(sum.amount)), exact(sum.amount)],
      of === null ? [""] : [percent(of), of],
      ...(cube.price && cube.unit !== "usd" ? [[grouped(exact(value)), exact(value)]] : []),
      [grouped(String(sum.events)), sum.events],
      rework === null ? [""] : [percent(rework), rework],
    ];
  };
  const table = (cube, cut, title, rows, total) => {
    const box = element("div", "", { className: "table", tabIndex: 0 });
    box.setAttribute("role", "region");
    const nameless = (key) => key === 0 && cut !== "action" && cut !== "day";
    const ordered = [...rows].map(([key, sum]) => [key, sum, label(cube, cut, sum)]);
    if (cut === "day") ordered.sort((a, b) => a[0] - b[0]);
    else if (cut === "action") ordered.sort((a, b) => a[0] - b[0]);
    else ordered.sort((a, b) => nameless(a[0]) - nameless(b[0]) || (b[1].amount > a[1].amount) - (b[1].amount < a[1].amount) || b[1].events - a[1].events || (a[2] < b[2] ? -1 : 1));
    const classes = cut === "action" ? [] : cubes.actions.map((_, index) => index).filter((index) => total.counts[index] > 0);
    const grid = element("table", "", { className: "sortable" });
    const named = ordered.filter(([key]) => !nameless(key)).length;
    grid.append(element("caption", `${title} (${grouped(String(named))}) of the selection`));
    box.setAttribute("aria-label", `${cube.name}: ${grid.caption.textContent}`);
    const head = grid.createTHead().insertRow();
    const texts = [title.replace(/s$/, ""), ...(cut === "feature" || cut === "session" ? ["App"] : [])];
    const numbers = [cube.unit, "Share", ...(cube.price && cube.unit !== "usd" ? ["Value"] : []), "Events", "Rework", ...classes.map((index) => cubes.actions[index]), "Sessions"];
    for (const text of texts) head.append(element("th", text, { scope: "col" }));
    for (const text of numbers) head.append(element("th", text[0].toUpperCase() + text.slice(1), { scope: "col", className: "n" }));
    for (const text of ["First day", "Last day"]) head.append(element("th", text, { scope: "col" }));
    const body = grid.createTBody();
    const line = (parent, name, app, sum, own) => {
      const row = parent.insertRow();
      row.append(element("th", "", { scope: "row" }));
      row.cells[0].append(name);
      if (app !== null) row.append(element("td", app, { className: "t" }));
      const values = [...figures(cube, sum, total.amount), ...classes.map((index) => [grouped(exact(sum.actions[index])), exact(sum.actions[index])])];
      if (own) values.push([String(sum.sessions.size), sum.sessions.size]);
      for (const [text, value] of values) {
        const cell = row.insertCell();
        cell.textContent = text;
        if (value !== undefined) cell.dataset.v = value;
      }
      if (own) row.append(element("td", dayText(sum.first)), element("td", dayText(sum.last)));
      else for (let more = 0; more < 3; more++) row.insertCell();
      return row;
    };
    const withApp = texts.length > 1;
    for (const [key, sum, name] of ordered.slice(0, cubes.most)) {
      const shown = nameless(key) || cut === "day" ? name : drill(cube, cut, sum, name);
      line(body, shown, withApp ? (nameless(key) ? "" : appName(cube, sum.cell.app)) : null, sum, true);
    }
    if (ordered.length > cubes.most) {
      const others = empty();
      for (const [, sum] of ordered.slice(cubes.most)) {
        others.events += sum.events;
        others.amount += sum.amount;
        sum.actions.forEach((amount, index) => (others.actions[index] += amount));
      }
      line(body, `${grouped(String(ordered.length - cubes.most))} others`, withApp ? "" : null, others, false).className = "others";
    }
    const foot = line(grid.createTFoot(), "Total", withApp ? "" : null, total, true);
    foot.dataset.total = cut;
    sortable(grid);
    box.append(grid);
    return box;
  };
  // the prompts of a session that a filter picks
  const pickedBy = (filter, session) => {
    const [isUser, isFeature] = ["user", "feature"].map((key) => (filter[key] === "" ? () => true : matcher(key, filter[key])));
    return ([of, day, action, user, feature]) => of === session && day >= filter.from && day <= filter.to && (filter.action === "" || cubes.actions[action] === filter.action) && isUser(user ?? "") && isFeature(feature ?? "");
  };
  // a name leads on: to the sessions of what it names, a session to the classes of its prompts
  const drill = (cube, cut, sum, name) => {
    const button = element("button", name, { type: "button", className: "drill" });
    if (cut === "session") {
      let detail = null;
      button.setAttribute("aria-expanded", "false");
      button.addEventListener("click", () => {
        button.setAttribute("aria-expanded", String(!detail));
        if (detail) {
          detail.remove();
          detail = null;
          return;
        }
        const row = button.closest("tr");
        detail = element("tr", "", { className: "detail others" });
        const cell = detail.insertCell();
        cell.colSpan = row.cells.length;
        const prompts = cube.prompts.filter(pickedBy(read(), sum.cell.session));
        const told = cubes.actions.flatMap((action, index) => (sum.counts[index] ? [`${sum.counts[index]} ${action} (${grouped(exact(sum.actions[index]))})`] : []));
        cell.append(element("p", `${count(sum.events, "prompt")}: ${told.join(", ")}`));
        if (prompts.length) {
          const list = element("ol", "");
          for (const [, day, action, , , time, amount, text] of prompts) list.append(element("li", `${dayText(day)} ${time} · ${cubes.actions[action]} · ${grouped(amount)} · ${text}`));
          cell.append(list);
        }
        row.after(detail);
      });
    } else {
      button.title = `Only ${name}`;
      button.addEventListener("click", () => choose(cut, name, cut === "feature" && sum.cell.app && cube.apps[sum.cell.app - 1][1] !== null ? appName(cube, sum.cell.app) : null));
    }
    return button;
  };
  // a feature is one of an app
  const choose = (key, name, app) => {
    form.elements[key].value = name;
    if (app) form.elements.app.value = app;
    update();
    const target = document.querySelector("[data-cut=session]:not([hidden])");
    if (target) {
      target.scrollIntoView();
      target.focus({ preventScroll: true });
    }
  };
  const read = () => {
    const text = (name) => form.elements[name].value.trim();
    const day = (name, open) => (text(name) === "" ? open : Date.parse(text(name) + "T00:00:00Z") / DAY);
    return { from: day("from", -Infinity), to: day("to", Infinity), user: folded(text("user")), app: folded(text("app")), feature: folded(text("feature")), action: text("action"), meter: text("meter") };
  };
  const show = () => {
    const filter = read();
    const on = ["from", "to", "user", "app", "feature", "action", "meter"].some((name) => form.elements[name].value.trim() !== "");
    document.body.classList.toggle("filtering", on);
    for (const old of document.querySelectorAll(".live")) old.remove();
    status.replaceChildren();
    for (const cube of cubes.accounts) {
      const section = document.getElementById(cube.id);
      section.hidden = false;
      if (!on) continue;
      section.hidden = filter.meter !== "" && filter.meter !== cube.meter;
      if (section.hidden) continue;
      const live = element("div", "", { className: "live" });
      section.querySelector("h2").after(live);
      if (cube.detail === "nothing") {
        live.append(element("p", "This account has too many events for filters: use the options of the command line."));
        continue;
      }
      const [total, cuts] = sums(cube, filter);
      const rework = reworkShare(total);
      const said = `${cube.name}: ${grouped(exact(total.amount))} in ${count(total.events, "event")}` + (rework === null ? "" : `, ${percent(rework)} of it rework (${grouped(exact(reworkOf(total)))})`);
      const line = element("p", said);
      Object.assign(line.dataset, { account: cube.id, amount: exact(total.amount), events: total.events, rework: exact(reworkOf(total)) });
      status.append(line);
      if (total.events === 0) {
        live.append(element("p", "Nothing here has all of that."));
        continue;
      }
      for (const [cut, title] of CUTS) {
        const rows = cuts.get(cut);
        if (cut === "session" && cube.detail !== "sessions") continue;
        if (rows.size === 1 && rows.has(0) && cut !== "action") continue;
        const heading = element("h3", title, { tabIndex: -1 });
        heading.dataset.cut = cut;
        live.append(heading, table(cube, cut, title, rows, total));
      }
    }
    if (on) status.append(element("p", "The tables of actions, users, features, sessions, apps and days follow the filter. The verdict, findings, forecast, plan, charts and whatever stands in other tables are about everything.", { className: "muted" }));
    find();
  };
  const found = element("p", "", { className: "muted" });
  if (status) status.after(found);
  found.setAttribute("role", "status");
  const find = () => {
    const wanted = form.elements.find.value.trim().toLowerCase();
    let hits = 0;
    for (const row of document.querySelectorAll("table.sortable > tbody > tr")) {
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden && row.offsetParent !== null) hits += 1;
    }
    found.textContent = wanted === "" ? "" : `${count(hits, "row")} with “${wanted}”; totals below tables are those of all their rows.`;
  };
  const FIELDS = ["from", "to", "user", "app", "feature", "action", "meter", "find"];
  const update = () => {
    const set = FIELDS.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value !== "");
    history.replaceState(null, "", set.length ? "#filter?" + new URLSearchParams(set) : location.pathname.split("/").pop() || "#");
    show();
  };
  if (cubes && form) {
    const fill = (id, values) => document.getElementById(id).append(...[...new Set(values.map(shown))].sort((a, b) => a.localeCompare(b, "en")).map((value) => element("option", "", { value })));
    fill("users", cubes.accounts.flatMap((cube) => cube.users));
    fill("apps", cubes.accounts.flatMap((cube) => cube.apps.map((app) => app[1]).filter(Boolean)));
    fill("features", cubes.accounts.flatMap((cube) => cube.features.map((feature) => feature[1])));
    form.elements.action.append(...cubes.actions.map((action) => element("option", action)));
    form.elements.meter.append(...[...new Set(cubes.accounts.map((cube) => cube.meter))].sort().map((meter) => element("option", meter)));
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", update);
    form.elements.find.addEventListener("input", find);
    form.addEventListener("reset", () => setTimeout(update));
    // in the tables of everything, too, a name leads on
    for (const box of document.querySelectorAll("main section > .table[id]")) {
      const cut = box.id.split("-").pop();
      if (!DRILLS.includes(cut)) continue;
      const isApp = (name) => [...document.getElementById("apps").children].some((option) => option.value === name);
      const known = new Set(cut === "action" ? cubes.actions : [...document.getElementById(cut + "s").children].map((option) => option.value));
      const column = cut === "feature" ? [...box.querySelectorAll("thead th")].findIndex((head) => head.textContent === "App") : -1;
      for (const head of box.querySelectorAll("tbody th")) {
        const shown = head.textContent.trim();
        const name = head.dataset.n ?? shown;
        if (!known.has(name)) continue;
        const app = column < 0 ? "" : head.parentElement.cells[column].textContent.trim();
        const button = element("button", shown, { type: "button", className: "drill", title: `Only ${name}` });
        button.addEventListener("click", () => choose(cut, name, isApp(app) ? app : null));
        head.replaceChildren(button);
      }
    }
    if (location.hash.startsWith("#filter?")) {
      for (const [name, value] of new URLSearchParams(location.hash.slice(8))) if (FIELDS.includes(name)) form.elements[name].value = value;
      show();
    }
  }
})();
