// The reservation form: the end follows the start, refusals move the focus, success closes the drawer.
import { feature } from "../attach.js";
import { closeDrawer } from "./drawer.js";
import { refreshRow } from "./live.js";
import { toast } from "./toast.js";

const minutes = (day, clock) => {
  const [hours, rest] = clock.split(":").map(Number);
  return Date.parse(`${day}T00:00:00Z`) / 60000 + hours * 60 + rest;
};

feature("[data-reservation-form]", (form) => {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const [startDay, startClock, endDay, endClock] = ["start-day", "start-clock", "end-day", "end-clock"].map(part);
  const length = () => minutes(endDay.value, endClock.value) - minutes(startDay.value, startClock.value);
  let kept = length();

  // Moving the start keeps the length, as long as the end has a choice for it.
  const follow = () => {
    const end = minutes(startDay.value, startClock.value) + kept;
    if (!Number.isFinite(end) || kept <= 0) return;
    const day = Math.floor(end / 1440);
    const texts = [[day, end - day * 1440], [day - 1, end - (day - 1) * 1440]].map(([date, rest]) => [
      new Date(date * 86400000).toISOString().slice(0, 10),
      `${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}`,
    ]);
    const fits = texts.find(([, clock]) => [...endClock.options].some((option) => option.value === clock));
    if (fits) [endDay.value, endClock.value] = fits;
  };
  // Before htmx looks at the same change, so that it sends the end that is shown.
  for (const field of [startDay, startClock]) field.addEventListener("change", follow, { capture: true });
  for (const field of [endDay, endClock]) field.addEventListener("change", () => { kept = length(); });

  // What repeats is looked at on a page of its own: too many dates for a drawer.
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form || !form.querySelector("[data-repeat]")?.value) return;
    event.preventDefault();
    form.submit();
  });

  const wrong = form.querySelector('[aria-invalid="true"]') || form.querySelector('[role="alert"]');
  if (wrong) wrong.focus();
});

// Somebody may have taken the drawer's time: ask again when its row changes.
export function checkAgain(facility) {
  const form = document.querySelector("[data-reservation-form]");
  if (!form || (facility !== "*" && form.elements.facility.value !== facility)) return;
  form.querySelector("[data-end-clock]").dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("reservation-changed", (event) => {
  const { message, address, facility } = event.detail;
  if (!closeDrawer()) {
    location.assign(address);
    return;
  }
  toast(message, address);
  if (!refreshRow(facility)) location.reload();
});
