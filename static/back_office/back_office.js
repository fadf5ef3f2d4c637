// What Unfold's pages lack for those who work with a keyboard or listen to a page. Texts come from the page (`#texts`).
const texts = () => document.getElementById("texts")?.dataset ?? {};

// The boxes that look rows up carry no name of their own: they get that of the field they stand for.
const nameBoxes = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete.select2-hidden-accessible")) {
    const name = select.getAttribute("aria-label") ?? document.querySelector(`label[for="${select.id}"]`)?.textContent.trim();
    const box = select.nextElementSibling?.querySelector(".select2-selection[aria-labelledby]");
    if (!name || !box) continue;
    for (const part of [box, box.querySelector(".select2-selection__rendered")]) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }
};

// What scrolls is a region; each is called by what it holds.
const nameRegions = () => {
  for (const region of document.querySelectorAll('.simplebar-content-wrapper[aria-label="scrollable content"]')) {
    const group = region.closest("fieldset[aria-labelledby], #nav-sidebar-apps");
    const heading = group && document.getElementById(group.getAttribute("aria-labelledby"))?.textContent.trim();
    const name = group?.id === "nav-sidebar-apps" ? texts().navigation : heading ? `${heading}, ${texts().wide}` : "";
    if (name) region.setAttribute("aria-label", name);
    else region.removeAttribute("role"), region.removeAttribute("aria-label");
  }
};

// Things to press that are no buttons: they can be reached, and say what they do.
const PRESSED = "[x-on\\:click]";
const NATIVE = "button, a[href], input, select, textarea, label, summary, [tabindex]";
const NAMES = [
  ["sidebar", (it) => /sidebar\w+Open/.test(it)],
  ["search", (it) => it.includes("opencommand")],
  ["related", (it) => it.includes("openRelatedWidgetWrapper")],
  ["theme", (it) => it.includes("openTheme")],
];
const nameButtons = () => {
  for (const it of document.querySelectorAll(PRESSED)) {
    if (it.matches(NATIVE) || it.id === "changelist-filter-close" || it.matches("h2, h3")) continue;
    it.tabIndex = 0;
    it.setAttribute("role", "button");
    const does = it.getAttribute("x-on:click");
    const name = NAMES.find(([, fits]) => fits(does))?.[0];
    if (name && texts()[name]) it.setAttribute("aria-label", texts()[name]);
  }
  for (const icon of document.querySelectorAll(".material-symbols-outlined:not([aria-hidden]):not([role])")) {
    if (icon.closest(":is(a, button, [role=button])[aria-label]") || icon.closest("a, button, [role=button]")?.textContent.trim() !== icon.textContent.trim()) icon.setAttribute("aria-hidden", "true");
  }
};

const nameMenus = () => {
  for (const menu of document.querySelectorAll("nav:not([aria-label])")) {
    menu.setAttribute("aria-label", menu.id === "nav-sidebar-inner" ? texts().navigation : texts().menu ?? "");
  }
  document.querySelector("#nav-sidebar-inner a.shrink-0")?.setAttribute("aria-label", texts().home ?? "");
  for (const heading of document.querySelectorAll("#changelist-filter h3")) heading.setAttribute("aria-level", "2");
  const search = document.querySelector('[x-data="searchCommand()"]');
  for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-label", texts().search ?? ""]]) {
    search?.setAttribute(name, value);
  }
  document.getElementById("command-submit")?.setAttribute("aria-label", texts().search ?? "");
};

// On a phone a cell says its heading itself: as it is written above a table, not with every word's first letter large.
const nameCells = () => {
  for (const cell of document.querySelectorAll("td[data-label]")) {
    cell.dataset.label = cell.dataset.label.charAt(0).toUpperCase() + cell.dataset.label.slice(1);
  }
};

const look = () => {
  nameCells();
  nameBoxes();
  nameMenus();
  nameRegions();
  nameButtons();
};
let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    look();
  });
}).observe(document.documentElement, { childList: true, subtree: true });
look();

// A menu that is opened by a key has the focus, and Escape closes it and gives the focus back.
const menus = () => [...document.querySelectorAll("nav[x-show], #changelist-filter")].filter((it) => it.checkVisibility());
let opener = null;
// What opens appears step by step: until it is there, try again.
const enter = (before, times) => {
  const menu = menus().find((each) => !before.includes(each));
  const places = [...(menu?.querySelectorAll('a[href], button, [tabindex="0"]') ?? [])];
  places.find((it) => it.checkVisibility({ visibilityProperty: true }))?.focus();
  if (times && !menu?.contains(document.activeElement)) setTimeout(() => enter(before, times - 1), 50);
};
document.addEventListener("keydown", (event) => {
  const it = event.target.closest?.('[role="button"][x-on\\:click]');
  if (it && it === event.target && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    const before = menus();
    opener = it;
    it.click();
    enter(before, 20);
  } else if (event.key === "Escape" && opener && menus().length) {
    (document.getElementById("changelist-filter-close")?.checkVisibility()
      ? document.getElementById("changelist-filter-close")
      : document.body
    ).click();
    opener.focus();
    opener = null;
  }
});

// A form that was refused begins with what is wrong; each fault leads into its field.
// (Unfold hides the page until its scripts have begun, and Django's give the focus to the first field of a new row.)
addEventListener("load", () => document.getElementById("error-summary")?.focus());
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#error-summary a");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  const box = field.nextElementSibling?.querySelector?.(".select2-selection");
  const place = box ?? (field.matches("input, select, textarea") ? field : field.querySelector("input:not([type=hidden]), select, textarea")) ?? field;
  place.scrollIntoView({ block: "center" });
  place.focus();
});

// Enter in the search opens the first that was found, unless another was chosen with the arrows.
let chosen = false;
document.addEventListener(
  "keydown",
  (event) => {
    if (event.target.id !== "search-input-command") return;
    if (event.key !== "Enter") {
      chosen = event.key.startsWith("Arrow");
    } else if (!chosen) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const first = document.querySelector("#command-results a[href]");
      if (first) location.assign(first.href);
    }
  },
  { capture: true },
);

// Whoever is chosen above a list narrows it at once.
addEventListener("load", () => {
  window.django?.jQuery?.(".look-up select").on("select2:select select2:clear", (event) => event.target.form.requestSubmit());
});
