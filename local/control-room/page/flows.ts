// Owns the ways from the payers to the Regions: each as wide as its share of the requests, and said in words.
import type { Live, Opening, RegionTraffic } from '../live.ts';
import { byId, make, mark, say } from './dom.ts';
import { perSecond } from './numbers.ts';
import { type Side, sideOf } from './region-card.ts';

const SVG = 'http://www.w3.org/2000/svg';
const WAYS: Readonly<Record<Side, string>> = {
  first: 'M50,0 C50,55 25,40 25,100',
  second: 'M50,0 C50,55 75,40 75,100',
};
const NARROWEST_PX = 2;
const WIDEST_PX = 18;

type FlowState = 'idle' | 'answered' | 'failing';

const stateOf = ({ perSecond: all, failedPerSecond }: RegionTraffic): FlowState => {
  if (all === 0) return 'idle';
  return failedPerSecond > 0 ? 'failing' : 'answered';
};

const wordsOf = ({ share, perSecond: all, failedPerSecond }: RegionTraffic): string => {
  if (all === 0) return 'no requests';
  const much = `${Math.round(share * 100)} % · ${perSecond(all)}`;
  return failedPerSecond > 0 ? `${much}, ${perSecond(failedPerSecond)} unanswered` : much;
};

/** Draws the ways; gives back what shows a second of them. */
export const flows = (opening: Opening): ((live: Live) => void) => {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 100 100',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  }))
    svg.setAttribute(name, value);
  const ways = opening.regions.map((region) => {
    const side = sideOf(opening, region);
    const [flow, beads] = ['flow', 'beads'].map((kind) => {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', kind);
      path.setAttribute('d', WAYS[side]);
      path.setAttribute('data-side', side);
      svg.append(path);
      return path;
    }) as [SVGPathElement, SVGPathElement];
    return { region, flow, beads, label: make('p', { class: 'flow-words', 'data-side': side }) };
  });
  byId('flows').append(svg, ...ways.map(({ label }) => label));

  return ({ traffic }) => {
    for (const { region, flow, beads, label } of ways) {
      const own = traffic.regions[region];
      if (own === undefined) continue;
      const state = stateOf(own);
      for (const element of [flow, beads, label]) mark(element, 'data-state', state);
      flow.style.strokeWidth = `${NARROWEST_PX + own.share * (WIDEST_PX - NARROWEST_PX)}px`;
      say(label, wordsOf(own));
    }
  };
};
