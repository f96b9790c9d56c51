// Owns the few things the page does with elements: find, make, and change only what is different.

/** @throws Error when the page has no such element: page and script are not of one version */
export const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
};

type Attributes = Readonly<Record<string, string>>;

export const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** Leaves the element alone when nothing changed: screen readers are told of changes only. */
export const say = (element: Element, words: string): void => {
  if (element.textContent !== words) element.textContent = words;
};

export const mark = (element: Element, name: string, value: string): void => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

const shown = new WeakMap<Element, string>();

/** Children are made anew only when what they are made from is different: a selection or a scroll position stays. */
export const fill = (element: Element, from: unknown, children: () => readonly Node[]): void => {
  const key = JSON.stringify(from);
  if (shown.get(element) === key) return;
  shown.set(element, key);
  element.replaceChildren(...children());
};
