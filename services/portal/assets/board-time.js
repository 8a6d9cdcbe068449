// Columns of the board and local minutes since 1970; the mirror of services/portal/pages/timeline.py.
export const DAY = 24 * 60;

export function geometry(board) {
  const { firstDay, days, opens, closes, step } = board.dataset;
  const first = Date.parse(`${firstDay}T00:00:00Z`) / 60000;
  const perDay = ((Number(closes) - Number(opens)) * 60) / Number(step);
  return {
    first, perDay, days: Number(days), opens: Number(opens) * 60, closes: Number(closes) * 60,
    step: Number(step), columns: perDay * Number(days),
  };
}

export function columnAt(shape, minute) {
  const day = Math.floor((minute - shape.first) / DAY);
  if (day < 0) return 0;
  if (day >= shape.days) return shape.columns;
  const within = minute - shape.first - day * DAY - shape.opens;
  return day * shape.perDay + Math.min(Math.max(within, 0), shape.closes - shape.opens) / shape.step;
}

// The local minute of a place on the track; `share` goes from 0 to 1.
export function minuteAt(shape, share) {
  const column = Math.min(Math.max(share, 0), 0.999999) * shape.columns;
  const day = Math.floor(column / shape.perDay);
  return shape.first + day * DAY + shape.opens + (column - day * shape.perDay) * shape.step;
}

export const minuteOf = (text) => Date.parse(`${text}:00Z`) / 60000;
export const textOf = (minute) => new Date(minute * 60000).toISOString().slice(0, 16);
export const clockOf = (minute) => textOf(minute).slice(11);
