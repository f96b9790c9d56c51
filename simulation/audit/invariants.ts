// Owns what must hold of every run, by name: the names stand in reports and say by which of them a planted bug is caught.
// Leaves to the files beside it how each is checked.

export const INVARIANTS = {
  'acknowledged is stored': 'what was acknowledged is in the ledger, as it was acknowledged, from that moment on',
  'one fact a command': 'a command has at most one fact, however often it is sent; no fact is without a command',
  'same key, same answer': 'every grant of one command is the same to the byte',
  'one body a key': 'of two bodies under one key at most one is granted',
  'not attempted is not written': 'a command of which every answer said not-attempted has no fact',
  'acknowledged is visible':
    'a strong read or one that asks for a position contains what was acknowledged before, once',
  'staleness is honest': 'what was committed before the age that an answer gives is in the answer',
  'an answer is of one moment':
    'payments serve the oldest bills: no list has one that is open and older than one that is paid',
  'nothing is overwritten': 'a key of the ledger is written once',
  'streams have no holes': 'ordinals follow each other, and so do their times',
  'books balance': 'the postings of every fact, and of all of them, sum to zero',
  'refunds within the payment': 'what undoes a payment never exceeds it',
  'charged once': 'the processor collects once a payment, and sends back once a refund',
  'only the recorded charge': 'only a charge whose reference is in the ledger is ever confirmed',
  'every payment is concluded': 'it ends settled or declined, and nothing is left to collect or to send back',
  'processor and ledger agree': 'cash in the ledger is what the processor collected less what it sent back',
  'views equal a replay': 'lines and sums of each Region’s view are what the facts make, in both Regions the same',
  'sums follow lines': 'at any moment a view’s sums are those of the lines that it holds',
  'both Regions dispatch': 'each Region whose stream brought a fact has put its work on its own queue',
  'every fact is sealed': 'each fact is in a seal of its chain, with its checksum, and both Regions have verified all',
  'late is marked': 'a member of a seal is marked late when its window was closed before, and only then',
  'archives hold every seal': 'each Region’s archive has an object for every seal',
  'damage is repaired': 'what was damaged is again what it was',
  'damage is not served': 'no answer shows what was never written',
  'every notice arrives': 'each fact that a payer hears of was told',
  'readings are everywhere': 'every delivery that was accepted is in both Regions',
  'profiles agree': 'both Regions hold the same profile, and it is one that was sent',
  'every command is answered': 'once faults are over every command ends with an answer',
  'nothing unforeseen': 'no error that nobody foresaw, no refusal without a reason',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

export type Report = (invariant: Invariant, detail: string) => void;
