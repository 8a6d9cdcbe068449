// The drawer: links with data-open-drawer load their form into it; Escape closes it and gives the focus back.
import htmx from "htmx.org";
import { feature } from "../attach.js";

const drawer = () => document.querySelector("[data-drawer]");
let opener = null;

export function openDrawer(address, from) {
  const place = drawer();
  if (!place) {
    location.assign(address);
    return;
  }
  opener = from || document.activeElement;
  htmx.ajax("GET", address, { source: place, target: place, swap: "innerHTML" }).then(() => {
    if (!place.querySelector("form")) return;
    show(place);
  });
}

function show(place) {
  place.hidden = false;
  document.body.classList.add("drawer-open");
  const first = place.querySelector("select, input:not([type=hidden]), textarea");
  if (first) first.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("drawer-opened", { detail: place }));
}

export function closeDrawer() {
  const place = drawer();
  if (!place || place.hidden) return false;
  place.hidden = true;
  place.replaceChildren();
  document.body.classList.remove("drawer-open");
  document.dispatchEvent(new CustomEvent("drawer-closed"));
  // The row of a cell may have been replaced in the meantime; its successor has the same id.
  const back = opener && (opener.isConnected ? opener : document.getElementById(opener.id));
  if (back) back.focus({ preventScroll: true });
  opener = null;
  return true;
}

feature("[data-open-drawer]", (link) => {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    openDrawer(link.href, link);
  });
});

feature("[data-drawer] [data-close-drawer]", (link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    closeDrawer();
  });
});

// What a closed form still asked for must not bring it back.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (target === drawer() && target.hidden && requestConfig.elt !== target) event.detail.shouldSwap = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && closeDrawer()) event.preventDefault();
});

// On the phone the sheet covers the page: a tap beside it closes it, and the focus stays inside.
document.addEventListener("pointerdown", (event) => {
  if (event.target === document.body && document.body.classList.contains("drawer-open")) closeDrawer();
});
document.addEventListener("focusin", (event) => {
  const place = drawer();
  if (!place || place.hidden || !matchMedia("(max-width: 759px)").matches) return;
  if (!place.contains(event.target)) place.querySelector("select, input:not([type=hidden]), button, a").focus();
});
