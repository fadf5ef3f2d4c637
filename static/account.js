// My account works without this: "/" goes to the search, the print button prints.
"use strict";

document.addEventListener("keydown", (event) => {
  const search = document.querySelector("input[type=search]");
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// A refusal is a page: show it as one, instead of leaving what was there.
document.addEventListener("htmx:responseError", (event) => window.location.assign(event.detail.xhr.responseURL));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
