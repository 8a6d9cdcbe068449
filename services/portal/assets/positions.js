// Bars are placed by classes, since the content security policy allows no style attributes.
// A number is written in base 32 as two digits: column 45 = 1 * 32 + 13 is "x1 y13", a span
// of 45 is "w1 v13". So 4 * 32 short rules place every bar on boards of up to 1,024 columns;
// bars.css turns the digits into left and width.
export const BASE = 32;

export function positionRules() {
  const rules = [];
  for (const digit of ["x", "y", "w", "v"]) {
    for (let number = 1; number < BASE; number += 1) {
      rules.push(`.${digit}${number}{--${digit}:${number}}`);
    }
  }
  return rules.join("\n");
}
