// Sorts a table by a click or a key press on a heading. The row "others" stays last; the total is in the foot.
"use strict";
const sortable = (table) => {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const numeric = head.classList.contains("n");
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : numeric;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => {
        const cell = row.cells[column];
        if (!numeric) return cell.textContent;
        if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
        // "<0.1 %" is more than none, and less than all that is told
        const [, less, shown] = cell.textContent.match(/^\s*(<?)(-?[\d,.]+)/) ?? [, "", "-Infinity"];
        return Number(shown.replaceAll(",", "")) / (less ? 2 : 1);
      };
      const compare = numeric ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : (a, b) => a.localeCompare(b, "en");
      // what is unfolded below a row goes where the row goes
      const unfolded = [...body.querySelectorAll("tr.detail")].map((detail) => [detail.previousSibling, detail]);
      for (const [, detail] of unfolded) detail.remove();
      const rows = [...body.rows].filter((row) => !row.classList.contains("others"));
      const keyed = rows.map((row) => [key(row), row]);
      keyed.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
      body.prepend(...keyed.map((pair) => pair[1]));
      for (const [row, detail] of unfolded) row.after(detail);
    });
  });
};
for (const table of document.querySelectorAll("table.sortable")) sortable(table);
// evidence is printed, though it is folded
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.evidence:not([open])")) folded.open = true;
});
