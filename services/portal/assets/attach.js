// Starts a feature on every element that carries its data attribute, now and after each swap.
const features = [];

export function feature(selector, start) {
  features.push([selector, start, new WeakSet()]);
}

export function attachWithin(root) {
  for (const [selector, start, seen] of features) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches && root.matches(selector)) found.push(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      start(element);
    }
  }
}
