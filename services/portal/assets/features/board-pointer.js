// Dragging across free time asks for it; a plain click on empty time asks for two hours from there.
import { feature } from "../attach.js";
import { clockOf, columnAt, geometry, minuteAt, minuteOf, textOf } from "../board-time.js";
import { openDrawer } from "./drawer.js";

const USUAL_MINUTES = 120;
const DRAG_PIXELS = 6;

export function newAddress(board, facility, starts, ends) {
  const query = new URLSearchParams({ facility, start: starts, end: ends });
  return `${board.dataset.new}?${query}`;
}

// Whether every unit of the row is taken at some moment of the stretch.
export function isFull(row, start, end) {
  const held = [...row.querySelectorAll("[data-bar]")]
    .map((bar) => [minuteOf(bar.dataset.starts), minuteOf(bar.dataset.ends), bar.dataset.unit])
    .filter(([from, to]) => from < end && to > start);
  const moments = [start, ...held.map(([from]) => from).filter((from) => from > start)];
  return moments.some((moment) => {
    const units = held.filter(([from, to]) => from <= moment && to > moment).map(([, , unit]) => unit);
    return new Set(units).size >= Number(row.dataset.units);
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

feature("[data-board][data-new]", (board) => {
  const shape = geometry(board);
  let drag = null;

  const minuteUnder = (event, row) => {
    const box = row.querySelector(".track").getBoundingClientRect();
    return minuteAt(shape, (event.clientX - box.left) / box.width);
  };
  const span = (from, to) => {
    const grid = Number(drag.row.dataset.granularity);
    const [low, high] = from < to ? [from, to] : [to, from];
    const start = Math.floor(low / grid) * grid;
    return [start, Math.max(Math.ceil(high / grid) * grid, start + grid)];
  };

  board.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.button || event.pointerType === "touch" || event.target.closest("a, [data-bar]")) return;
    const row = cell.closest("[data-facility]");
    drag = { cell, row, x: event.clientX, from: minuteUnder(event, row), moved: false };
    event.preventDefault();
    cell.focus({ preventScroll: true });
  });
  addEventListener("pointermove", (event) => {
    if (!drag || (!drag.moved && Math.abs(event.clientX - drag.x) < DRAG_PIXELS)) return;
    drag.moved = true;
    drawGhost(board, drag.row, ...span(drag.from, minuteUnder(event, drag.row)));
  });
  addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { cell, row, from, moved } = drag;
    const [start, end] = moved ? span(from, minuteUnder(event, row)) : [span(from, from)[0], null];
    drag = null;
    ask(cell, row, start, end);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) {
      drag = null;
      clearGhosts();
      event.preventDefault();
    }
  });

  const ask = (cell, row, start, end) => {
    // Half days are too coarse to mean an hour: a month asks for the day's first free time.
    if (!end && shape.step > 60 && !cell.dataset.first) return;
    const coarse = !end && shape.step > 60;
    const starts = coarse ? cell.dataset.first : textOf(start);
    const length = Math.max(USUAL_MINUTES, Number(row.dataset.shortest));
    const ends = coarse ? cell.dataset.firstEnd : textOf(end || start + length);
    openDrawer(newAddress(board, row.dataset.facility, starts, ends), cell);
  };
});
