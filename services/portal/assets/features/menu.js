// A menu closes on Escape, and when the reader goes elsewhere.
import { feature } from "../attach.js";

feature("[data-menu]", (menu) => {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const kind of ["pointerdown", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
  }
});
