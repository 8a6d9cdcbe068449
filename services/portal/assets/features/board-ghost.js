// The ghost: the wished time on the board while it is dragged, and while the form beside the board holds it.
import { clockOf, columnAt, geometry, minuteOf } from "../board-time.js";

// Whether every unit of the row is taken at some moment of the stretch; a bar without a unit takes all.
export function isFull(row, start, end) {
  const held = [...row.querySelectorAll("[data-bar]")]
    .map((bar) => [minuteOf(bar.dataset.starts), minuteOf(bar.dataset.ends), bar.dataset.unit])
    .filter(([from, to]) => from < end && to > start);
  const moments = [start, ...held.map(([from]) => from).filter((from) => from > start)];
  return moments.some((moment) => {
    const units = held.filter(([from, to]) => from <= moment && to > moment).map(([, , unit]) => unit);
    return units.includes("") || new Set(units).size >= Number(row.dataset.units);
  });
}

export function clearGhosts() {
  for (const ghost of document.querySelectorAll(".ghost")) ghost.remove();
}

export function drawGhost(board, row, start, end) {
  const shape = geometry(board);
  const track = row.querySelector(".track");
  let ghost = track.querySelector(".ghost");
  if (!ghost) {
    clearGhosts();
    ghost = document.createElement("span");
    ghost.className = "ghost";
    ghost.append(document.createElement("span"));
    track.append(ghost);
  }
  const [left, right] = [columnAt(shape, start), columnAt(shape, end)];
  ghost.style.left = `${(left / shape.columns) * 100}%`;
  ghost.style.width = `${(Math.max(right - left, 1) / shape.columns) * 100}%`;
  ghost.firstChild.textContent = `${clockOf(start)}–${clockOf(end)}`;
  ghost.classList.toggle("to-left", left > shape.columns * 0.85);
  ghost.classList.toggle("clash", isFull(row, start, end));
  return ghost;
}

// The minutes that the form holds; nothing while a field is empty.
function wished(form) {
  const text = (name) => form.elements[name].value;
  const start = minuteOf(`${text("start_day")}T${text("start_clock")}`);
  const [hours, rest] = text("end_clock").split(":").map(Number);
  return [start, minuteOf(`${text("end_day")}T00:00`) + hours * 60 + rest];
}

function follow(intoView) {
  const board = document.querySelector("[data-board]");
  const form = document.querySelector("[data-drawer] [data-reservation-form]");
  if (!board || !form) return;
  const row = document.getElementById(`row-${form.elements.facility.value}`);
  const [start, end] = wished(form);
  const shape = geometry(board);
  const isShown = row && start < end && columnAt(shape, start) < columnAt(shape, end);
  if (!isShown) {
    clearGhosts();
    return;
  }
  const ghost = drawGhost(board, row, start, end);
  if (intoView) ghost.scrollIntoView({ block: "nearest", inline: "center" });
}

document.addEventListener("drawer-opened", () => follow(true));
document.addEventListener("drawer-closed", clearGhosts);
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-reservation-form]")) follow(true);
});
// The form may be another one now, or the row a fresh one.
document.addEventListener("htmx:afterSettle", () => follow(false));
