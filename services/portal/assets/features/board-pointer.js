// Dragging across free time asks for it; a plain click on empty time asks for two hours from there.
import { feature } from "../attach.js";
import { geometry, minuteAt, textOf } from "../board-time.js";
import { clearGhosts, drawGhost } from "./board-ghost.js";
import { openDrawer } from "./drawer.js";

const USUAL_MINUTES = 120;
const DRAG_PIXELS = 6;

export function newAddress(board, facility, starts, ends) {
  const query = new URLSearchParams({ facility, start: starts, end: ends });
  return `${board.dataset.new}?${query}`;
}

feature("[data-board][data-new]", (board) => {
  const shape = geometry(board);
  let drag = null;

  // What is dragged on, by its id: the stream may have put a fresh row into the place of the first.
  const nowAs = (element) => document.getElementById(element.id);
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
    drag.row = nowAs(drag.row);
    drawGhost(board, drag.row, ...span(drag.from, minuteUnder(event, drag.row)));
  });
  addEventListener("pointerup", (event) => {
    if (!drag) return;
    drag.row = nowAs(drag.row);
    const { cell, row, from, moved } = drag;
    const [start, end] = moved ? span(from, minuteUnder(event, row)) : [span(from, from)[0], null];
    drag = null;
    ask(nowAs(cell), row, start, end);
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
