// Owns what a client is told when the catalog does not take a write.
// Leaves to ports/catalog.ts the limits.
import type { CatalogWrite } from '../ports/catalog.ts';
import { Refusal } from '../shared/http/problem.ts';

/** @throws Refusal 409 */
export const requireWritten = (result: CatalogWrite): void => {
  switch (result) {
    case 'written':
      return;
    case 'taken':
      throw new Refusal('meter-taken', 'A meter is billed to one account: use the account it belongs to');
    case 'full':
      throw new Refusal('catalog-full', 'An account has up to 50 meters; a tariff, and a meter, up to 100 starts');
  }
};
