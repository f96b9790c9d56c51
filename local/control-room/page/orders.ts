// Owns what is sent when a button is pressed, and that the answer is seen when it is a refusal.
// Leaves to the panels their buttons, and to the stream of states what came of it.
import { byId, mark, say } from './dom.ts';

/** @throws Error with what the run answered */
export const order = async (path: string, body?: object): Promise<void> => {
  const response = await fetch(path, {
    method: 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (response.ok) return;
  const { message } = (await response.json().catch(() => ({}))) as { readonly message?: string };
  throw new Error(message ?? `${path} answered ${response.status}`);
};

/** While an order is carried out its button takes no other one, and keeps the focus. */
export const onPress = (button: HTMLElement, carryOut: () => Promise<void>): void => {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    mark(button, 'aria-disabled', 'true');
    carryOut()
      .then(() => say(byId('answer'), ''))
      .catch((cause: Error) => say(byId('answer'), cause.message))
      .finally(() => button.removeAttribute('aria-disabled'));
  });
};
