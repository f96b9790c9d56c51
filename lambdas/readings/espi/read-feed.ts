// Owns the reading of an ESPI feed as a stream of XML events, bounded in depth and in text; a DOCTYPE is refused.
// Leaves to its caller the size of the whole, and to espi-delivery.ts what the resources say.
import { SaxesParser } from 'saxes';
import { refuseDelivery } from '../../domain/readings/delivery.ts';
import type { EspiReading, EspiResource } from './espi-feed.ts';

/** An ESPI reading is nine deep. */
const MAX_DEPTH = 24;
/** Of one element; numbers and links are far shorter. */
const MAX_TEXT = 2_048;
/** Parsed piece by piece, so that a refusal comes before the rest is looked at. */
const CHUNK_CHARACTERS = 65_536;

const RESOURCES = new Set(['UsagePoint', 'MeterReading', 'ReadingType', 'LocalTimeParameters', 'IntervalBlock']);

interface Open<T> {
  readonly value: T;
  readonly depth: number;
}
type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };
type FieldMap = Map<string, { text: string; line: number }>;

/** Every resource of the feed, in its order. @throws DeliveryRefused when it is no such XML */
export const readFeed = (bytes: Buffer): readonly EspiResource[] => {
  const feed = new FeedReader();
  const text = decoded(bytes);
  for (let from = 0; from < text.length; from += CHUNK_CHARACTERS) {
    feed.write(text.slice(from, from + CHUNK_CHARACTERS));
  }
  return feed.end();
};

const decoded = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuseDelivery(1, 'encoding', 'must be UTF-8');
  }
};

class FeedReader {
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #resources: EspiResource[] = [];
  #depth = 0;
  #text = '';
  #atom: { id: string; self: string; related: string[] } = { id: '', self: '', related: [] };
  #entry: EspiResource[] = [];
  #resource: Open<Writable<EspiResource> & { fields: FieldMap }> | undefined;
  #reading: Open<Writable<EspiReading> & { fields: FieldMap }> | undefined;

  constructor() {
    const parser = this.#parser;
    parser.on('error', () => refuseDelivery(parser.line, 'xml', 'is not well-formed'));
    parser.on('doctype', () => refuseDelivery(parser.line, 'doctype', 'a document type is not taken'));
    parser.on('opentag', ({ local, attributes }) => {
      const attribute = (name: string): string => {
        const found: unknown = attributes[name];
        return typeof found === 'object' && found !== null && 'value' in found ? String(found.value) : '';
      };
      this.#open(local, attribute);
    });
    parser.on('text', (text) => this.#append(text));
    parser.on('cdata', (text) => this.#append(text));
    parser.on('closetag', ({ local }) => this.#close(local));
  }

  write(chunk: string): void {
    this.#parser.write(chunk);
  }

  end(): readonly EspiResource[] {
    this.#parser.close();
    return this.#resources;
  }

  #open(name: string, attribute: (name: string) => string): void {
    this.#depth += 1;
    this.#text = '';
    const { line } = this.#parser;
    if (this.#depth > MAX_DEPTH) refuseDelivery(line, 'xml', `is nested deeper than ${MAX_DEPTH} levels`);
    if (this.#depth === 1 && name !== 'feed' && name !== 'entry') {
      refuseDelivery(line, name, 'is no Green Button file: an Atom feed of ESPI resources is needed');
    }
    if (name === 'entry') {
      this.#entry = [];
      this.#atom = { id: '', self: '', related: [] };
    } else if (name === 'link' && this.#resource === undefined) {
      if (attribute('rel') === 'self') this.#atom.self = attribute('href');
      if (attribute('rel') === 'related') this.#atom.related.push(attribute('href'));
    } else if (this.#resource === undefined && RESOURCES.has(name)) {
      const value = { kind: name, line, id: '', self: '', related: [], fields: new Map(), readings: [] };
      this.#resource = { value, depth: this.#depth };
    } else if (this.#resource !== undefined && name === 'IntervalReading') {
      this.#reading = { value: { line, fields: new Map(), qualities: [] }, depth: this.#depth };
    }
  }

  #append(text: string): void {
    this.#text += text;
    if (this.#text.length > MAX_TEXT) {
      refuseDelivery(this.#parser.line, 'xml', `has an element of more than ${MAX_TEXT} characters`);
    }
  }

  #close(name: string): void {
    const { line } = this.#parser;
    const text = this.#text.trim();
    if (this.#reading?.depth === this.#depth) {
      this.#resource?.value.readings.push(this.#reading.value);
      this.#reading = undefined;
    } else if (this.#resource?.depth === this.#depth) {
      this.#entry.push(this.#resource.value);
      this.#resource = undefined;
    } else if (this.#reading !== undefined && name === 'quality') {
      this.#reading.value.qualities.push(text);
    } else if (this.#resource === undefined) {
      if (name === 'id') this.#atom.id = text;
    } else if (text !== '') {
      (this.#reading ?? this.#resource)?.value.fields.set(name, { text, line });
    }
    if (name === 'entry') {
      // Id and links may stand before or after the content.
      this.#resources.push(...this.#entry.map((resource) => ({ ...resource, ...this.#atom })));
      this.#entry = [];
    }
    this.#depth -= 1;
    this.#text = '';
  }
}
