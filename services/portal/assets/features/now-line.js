// The now-line moves on by itself, in the base's time whatever the reader's zone is.
import { feature } from "../attach.js";
import { columnAt, geometry } from "../board-time.js";

const BASE_OFFSET_MINUTES = 8 * 60;

feature("[data-board]", (board) => {
  const shape = geometry(board);
  const move = () => {
    const now = Math.floor(Date.now() / 60000) + BASE_OFFSET_MINUTES;
    const share = (columnAt(shape, now) / shape.columns) * 100;
    for (const line of board.querySelectorAll("[data-now]")) line.style.left = `${share}%`;
  };
  setInterval(move, 60000);
});
