// The boxes that look customers up carry no name of their own: they get that of the field they stand for.
addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const name = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim();
    const box = select.parentElement.querySelector(".select2-selection");
    if (!name || !box) continue;
    for (const part of [box, box.querySelector(".select2-selection__rendered")]) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }
});
