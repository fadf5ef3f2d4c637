// The boxes that look customers up carry no name of their own: they get that of the field they stand for, whenever
// one appears.
const nameBoxes = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete.select2-hidden-accessible")) {
    const name = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim();
    const box = select.nextElementSibling?.querySelector(".select2-selection[aria-labelledby]");
    if (!name || !box) continue;
    for (const part of [box, box.querySelector(".select2-selection__rendered")]) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }
};
new MutationObserver(nameBoxes).observe(document.documentElement, { childList: true, subtree: true });
nameBoxes();
