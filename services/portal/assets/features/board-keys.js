// The board by keyboard: one tab stop, arrows between cells, Enter asks, Shift+Enter goes to the bars.
import { feature } from "../attach.js";
import { newAddress } from "./board-pointer.js";
import { openDrawer } from "./drawer.js";

const PAGE = 8;
let grid = null;

const rowsOf = (board) => [...board.querySelectorAll("[data-facility]")];
const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];

function moveTo(cell) {
  if (!cell) return;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function step(cell, board, down, right) {
  const rows = rowsOf(board);
  const row = rows.indexOf(cell.closest("[data-facility]"));
  const column = cellsOf(rows[row]).indexOf(cell);
  const target = cellsOf(rows[Math.min(Math.max(row + down, 0), rows.length - 1)]);
  moveTo(target[Math.min(Math.max(column + right, 0), target.length - 1)]);
}

const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-PAGE, 0], PageDown: [PAGE, 0], Home: [0, -99], End: [0, 99],
};

// Shift+arrows choose several days of one row.
function extend(cell, board, right) {
  const cells = cellsOf(cell.closest("[data-facility]"));
  const chosen = cells.filter((each) => each.classList.contains("chosen"));
  if (!chosen.length) cell.classList.add("chosen");
  const next = cells[cells.indexOf(cell) + right];
  if (!next) return;
  if (next.classList.contains("chosen")) cell.classList.remove("chosen");
  next.classList.add("chosen");
  moveTo(next);
}

function ask(cell, board) {
  const row = cell.closest("[data-facility]");
  const chosen = cellsOf(row).filter((each) => each.classList.contains("chosen"));
  const first = chosen[0] || cell;
  if (!first.dataset.first || !board.dataset.new) return;
  const last = chosen.length > 1 ? chosen[chosen.length - 1] : null;
  const ends = last ? last.dataset.firstEnd || `${last.dataset.day}T18:00` : first.dataset.firstEnd;
  openDrawer(newAddress(board, row.dataset.facility, first.dataset.first, ends), cell);
}

function onCell(event, cell, board) {
  if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    extend(cell, board, event.key === "ArrowLeft" ? -1 : 1);
  } else if (event.key in MOVES) {
    clearChosen(board);
    const [down, right] = MOVES[event.key];
    const corner = event.ctrlKey && (event.key === "Home" || event.key === "End");
    step(cell, board, corner ? right : down, right);
  } else if (event.key === "Enter" && event.shiftKey) {
    const bar = cell.querySelector("a");
    if (bar) bar.focus();
  } else if (event.key === "Enter") {
    ask(cell, board);
  } else {
    return;
  }
  event.preventDefault();
}

function onBar(event, bar) {
  const cell = bar.closest("[data-cell]");
  const bars = [...cell.querySelectorAll("a")];
  const right = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (right) (bars[bars.indexOf(bar) + right] || bar).focus();
  else if (event.key === "Escape") cell.focus();
  else return;
  event.preventDefault();
}

function clearChosen(board) {
  for (const cell of board.querySelectorAll(".chosen")) cell.classList.remove("chosen");
}

feature("[data-board]", (board) => {
  grid = board;
  board.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    for (const other of board.querySelectorAll('[data-cell][tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
  });
  board.addEventListener("keydown", (event) => {
    const bar = event.target.closest("[data-cell] a");
    if (bar) onBar(event, bar);
    else if (event.target.matches("[data-cell]")) onCell(event, event.target, board);
  });
});

// Fresh rows, too, leave the one tab stop where it is.
feature("[data-cell]", (cell) => {
  if (grid && !grid.querySelector('[data-cell][tabindex="0"]')) cell.tabIndex = 0;
  for (const link of cell.querySelectorAll("a")) link.tabIndex = -1;
});

feature("[data-help]", (help) => {
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.letters !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    const pressed = event.key.toLowerCase();
    if (pressed === "?" && help.showModal) help.showModal();
    else if (pressed === "t") document.querySelector("[data-today]").click();
    else if (pressed === "n") document.querySelector(".primary[data-open-drawer]")?.click();
    else return;
    event.preventDefault();
  });
});
