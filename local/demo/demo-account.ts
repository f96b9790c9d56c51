// Owns the demo customer: a real home's gas bills, put in through the API like any utility would.
// Leaves to green-button-bills.ts what the file says. Sent again it changes nothing: every key is a function of the file.
import { readFileSync } from 'node:fs';
import { demoRequest } from './demo-request.ts';
import { type PublishedBill, publishedBills } from './green-button-bills.ts';

/** `us_gas-home` in jurisdiction `us`. */
export const demoAccountOf = (jurisdiction: string): string => `${jurisdiction}_gas-home`;
const TIME_ZONE = 'America/New_York';
const BILLS_FILE = new URL('../../fixtures/green-button/gas_35_monthly_bills.xml', import.meta.url);

/** The publisher's file has no due dates: ours is this many days after the last day of service. */
const DAYS_TO_PAY = 21;
/** Most of a bill's time is the way to the quorum and back; more lanes than this only start more workers. */
const AT_ONCE = 4;

export const demoBills = (): readonly PublishedBill[] => publishedBills(readFileSync(BILLS_FILE, 'utf8'));

/** The body of `POST /v1/accounts/{a}/bills` for a published bill. */
export const billRequest = ({ period, firstDay, lastDay, therms, costMinor }: PublishedBill) => ({
  period,
  dueDate: new Date(Date.parse(lastDay) + DAYS_TO_PAY * 86_400_000).toISOString().slice(0, 10),
  lines: [{ description: `Natural gas ${firstDay} to ${lastDay}, ${therms} therms`, amountMinor: costMinor }],
});

/**
 * Opens the account and issues its bills; what is there already stays as it is.
 * @param api base URL
 * @param token an operator's
 * @throws Error naming the refused request
 */
export const loadDemoAccount = async (api: string, token: string, account: string): Promise<void> => {
  const to = { api, token };
  const opening = { accountId: account, name: 'Gas Home', currency: 'USD', timeZone: TIME_ZONE };
  await demoRequest(to, 'POST', '/v1/accounts', { body: opening });
  const waiting = [...demoBills()];
  const lane = async (): Promise<void> => {
    for (let bill = waiting.shift(); bill !== undefined; bill = waiting.shift()) {
      const request = { body: billRequest(bill), idempotencyKey: `demo-bill-${bill.period}` };
      await demoRequest(to, 'POST', `/v1/accounts/${account}/bills`, request);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
};
