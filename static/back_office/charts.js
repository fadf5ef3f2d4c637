// Draws the tables of bars with Chart.js, which the theme loads. Without scripts, and to who listens, the tables stay.
addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.bars")) draw(table);
});

const draw = (table) => {
  const rows = [...table.tBodies[0].rows];
  const figure = document.createElement("figure");
  const canvas = document.createElement("canvas");
  const details = document.createElement("details");
  const box = document.createElement("div");
  box.className = "drawn";
  canvas.setAttribute("aria-hidden", "true"); // the table says it
  figure.innerHTML = "<figcaption></figcaption>";
  figure.firstChild.textContent = table.caption.textContent;
  details.innerHTML = "<summary></summary>";
  details.firstChild.textContent = document.getElementById("texts").dataset.figures;
  table.setAttribute("aria-label", table.caption.textContent);
  table.replaceWith(figure);
  box.append(canvas);
  details.append(table);
  figure.append(box, details);

  const shown = rows.map((row) => row.cells[2].textContent.trim());
  const chart = new Chart(canvas, {
    type: "bar",
    data: {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      datasets: [{ data: rows.map((row) => Number(row.cells[2].dataset.value)), backgroundColor: "rgb(147 51 234)" }],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { display: false }, tooltip: { callbacks: { label: (it) => shown[it.dataIndex] } } },
      scales: { x: { grid: { display: false } }, y: { beginAtZero: true, ticks: { maxTicksLimit: 5 } } },
    },
  });
  const colour = () => {
    const { color } = getComputedStyle(figure);
    chart.options.locale = document.documentElement.lang;
    for (const axis of Object.values(chart.options.scales)) axis.ticks.color = color;
    chart.options.scales.y.grid.color = "rgb(128 128 128 / 25%)";
    chart.update();
  };
  colour();
  new MutationObserver(colour).observe(document.documentElement, { attributeFilter: ["class"] });
};
